import type { FileEntry } from './model.ts';

/** The fields of a file in an index, in the order in which they are written. `slice` is not in lines of loose files. */
const FIELDS: readonly string[] = ['path', 'type', 'mode', 'mtime', 'size', 'sha256', 'key', 'slice'];
const SLICE_FIELDS: readonly string[] = ['offset', 'bytes', 'skip', 'member'];
/** Without `slice` and without `member`. */
const [FIELDS_NEEDED, SLICE_FIELDS_NEEDED] = [7, 3];

const MODE = /^[0-7]{4}$/;
const SHA256 = /^[0-9a-f]{64}$/;

type Fields = Readonly<Record<string, unknown>>;

/**
 * Whether a line of an index is what nearly all lines are: a file, in a pack or an object of its own, with the fields that
 * are always there, in their order, and no others. Such a line needs no schema, which takes ten times as long: a million of
 * them are read for a verification. Everything else is for the schema to accept or refuse; what this accepts the schema
 * does too, and makes the same of it.
 */
export function isPlainFile(value: unknown): value is FileEntry {
  if (!hasFields(value, FIELDS, FIELDS_NEEDED)) return false;
  const { path, type, mode, mtime, size, sha256, key, slice } = value;
  return (
    type === 'file' &&
    isText(path) &&
    typeof mtime === 'string' &&
    typeof mode === 'string' &&
    MODE.test(mode) &&
    isCount(size) &&
    typeof sha256 === 'string' &&
    SHA256.test(sha256) &&
    isText(key) &&
    (!('slice' in value) || isSlice(slice))
  );
}

function isSlice(value: unknown): boolean {
  if (!hasFields(value, SLICE_FIELDS, SLICE_FIELDS_NEEDED)) return false;
  const { offset, bytes, skip, member } = value;
  return isCount(offset) && isCount(bytes) && bytes > 0 && isCount(skip) && (!('member' in value) || isText(member));
}

/** Whether it has the first of these fields, perhaps those that follow, and no others. */
function hasFields(value: unknown, fields: readonly string[], needed: number): value is Fields {
  if (typeof value !== 'object' || value === null) return false;
  let count = 0;
  for (const name in value) {
    if (name !== fields[count]) return false;
    count += 1;
  }
  return count >= needed;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
