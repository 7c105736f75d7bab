import { BackupError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { count } from '../../report/units.ts';
import type { Skipped } from '../../selection/types.ts';
import { CHANGED_HINT, VANISHED } from '../../source-file.ts';
import { VANISHED_WARNING } from '../../transfer/upload-entries.ts';
import type { BackupRequest } from './request.ts';

/**
 * Tells of what was listed and gone when the selection looked at it, as the upload tells of what is gone later.
 * @throws BackupError of class `local`, code `VANISHED`, where a changed file is an error
 */
export function tellVanished(
  vanished: Skipped,
  ifFileChanged: BackupRequest['selection']['ifFileChanged'],
  log: Log,
): void {
  if (vanished.count === 0) return;
  if (ifFileChanged === 'error') throw vanishedError(vanished);
  for (let index = 0; index < vanished.count; index++) {
    const subject = vanished.examples[index];
    log.warn({ ...VANISHED_WARNING, ...(subject !== undefined && { subject }) });
  }
}

function vanishedError({ count: total, examples }: Skipped): BackupError {
  const others = total > examples.length ? ` and ${total - examples.length} more` : '';
  const names = examples.map((path) => JSON.stringify(path)).join(', ');
  const [key] = examples;
  return new BackupError(`${count(total, 'selected path')} vanished before being read: ${names}${others}.`, {
    class: 'local',
    operation: 'select files',
    code: VANISHED,
    hint: CHANGED_HINT,
    ...(key !== undefined && { key }),
  });
}
