import { BackupError } from '../../errors.ts';
import { count } from '../../report/units.ts';
import type { Plan } from '../../restoration/types.ts';
import type { RestoreRequest } from './request.ts';

/** The error for a version that has entries, none of which is asked for; undefined for all other versions. */
export function nothingChosen({ patterns, rules }: RestoreRequest, { totals, leftOut }: Plan): BackupError | undefined {
  const chosen = totals.files + totals.symlinks + totals.directories;
  const others = leftOut.notChosen + leftOut.stripped;
  if (chosen > 0 || others === 0) return undefined;
  const reason =
    leftOut.stripped > 0
      ? `\`strip-components: ${rules.stripComponents}\` leaves nothing of the paths that \`path\` matches`
      : `the input \`path\` ${JSON.stringify(patterns.join(' | '))} matches none of them`;
  return new BackupError(`The version has ${count(others, 'entry', 'entries')}, but ${reason}.`, {
    class: 'not-found',
    operation: 'choose entries',
    hint: 'Patterns start at the root of the backup; list the version to see its paths, or set `on-not-found: ignore`.',
  });
}
