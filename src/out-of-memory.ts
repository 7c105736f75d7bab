import { BackupError, codeOf, messageOf } from './errors.ts';

/** Of Node (a buffer, a thread), of zlib and zstd, and of the system. */
const CODES: ReadonlySet<string> = new Set([
  'ERR_MEMORY_ALLOCATION_FAILED',
  'ERR_WORKER_OUT_OF_MEMORY',
  'Z_MEM_ERROR',
  'ZSTD_error_memory_allocation',
  'ENOMEM',
]);

/** V8's own words for a buffer there is no room for; it gives no code. */
const NO_ROOM = 'Array buffer allocation failed';

/** A chain of causes longer than this is a loop. */
const MAX_CAUSES = 10;

/**
 * @returns an error of class `local` with what helps, if `error` or something that caused it is a lack of memory;
 *   otherwise `error`
 */
export function explainLackOfMemory(error: unknown): unknown {
  const lack = lackOfMemory(error);
  if (lack === undefined) return error;
  // Without the code: what could not be read for lack of memory is not damaged.
  const { code: _code, ...details } = error instanceof BackupError ? error.details : {};
  return new BackupError(`This machine has not enough memory: ${messageOf(error).replace(/\.$/, '')}.`, {
    ...details,
    ...lack,
    class: 'local',
    hint: 'Lower `max-memory` or `concurrency`, or use a machine with more memory.',
    cause: error,
  });
}

/** @returns its code, if it has one; undefined where it is none */
function lackOfMemory(error: unknown, depth = 0): { readonly code?: string } | undefined {
  if (depth === MAX_CAUSES || typeof error !== 'object' || error === null) return undefined;
  const code = error instanceof BackupError ? error.details.code : codeOf(error);
  if (code !== undefined && CODES.has(code)) return { code };
  return messageOf(error) === NO_ROOM ? {} : lackOfMemory(Reflect.get(error, 'cause'), depth + 1);
}
