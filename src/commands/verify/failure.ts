import { BackupError, DAMAGED } from '../../errors.ts';
import { count } from '../../report/units.ts';
import type { VerifyReport } from '../../report/verify/types.ts';
import { damageWords, stalenessWords } from '../../report/verify/words.ts';

/** The code of the error for a series whose newest version is too old. */
export const TOO_OLD = 'TOO_OLD';

/** Versions that the error names. */
const MAX_NAMED = 5;

/** Why a verification fails: damage first, which has the code {@link DAMAGED}; age alone has {@link TOO_OLD}. */
export function failureOf(report: VerifyReport): BackupError | undefined {
  const { staleness, place } = report;
  const age = staleness && stalenessWords(staleness, place.series);
  if (report.damaged.count > 0) return damageError(report, age);
  if (age === undefined) return undefined;
  return new BackupError(age, {
    class: 'permanent',
    operation: 'verify',
    code: TOO_OLD,
    hint: 'Look for the runs that should have made newer versions: GitHub, for one, disables the schedules of public repositories after 60 days without activity.',
  });
}

function damageError({ damaged, versions, place }: VerifyReport, age: string | undefined): BackupError {
  const [first] = damaged.first;
  const hurt = versions.filter(({ state }) => state === 'damaged').map(({ version }) => String(version.number));
  const more = hurt.length > MAX_NAMED ? ` and ${hurt.length - MAX_NAMED} more` : '';
  const found = `The series ${place.series} has ${count(damaged.count, 'damaged entry', 'damaged entries')}`;
  const where = `in version ${hurt.slice(0, MAX_NAMED).join(', ')}${more}`;
  const example = first === undefined ? '' : `: ${damageWords(first)}`;
  const sentence = `${found} ${where}${example}.`;
  return new BackupError(age === undefined ? sentence : `${sentence} ${age}`, {
    class: 'permanent',
    operation: 'verify',
    code: DAMAGED,
    ...(first && { key: first.key }),
    hint:
      'The log and the output `damaged` name all that the versions verified have of them; `version: all` names every version that is hurt. ' +
      'Make a full version now (`incremental: off`), as an incremental one may refer to what is damaged, and restore a version that is intact, or the rest of a damaged one: ' +
      'leave its damaged files out by the lines `**` and `!<path>` of the input `path`.',
  });
}
