import { BackupError } from '../errors.ts';

/** S3 keys are at most 1,024 bytes of UTF-8, prefix included (S3 User Guide, "Naming objects"). */
export const MAX_KEY_BYTES = 1024;

/** A key that passed {@link objectKey}: the only kind of string the store's methods take. */
export type ObjectKey = string & { readonly __brand: 'ObjectKey' };

/**
 * The one guard of keys. An empty key would turn DeleteObject into DeleteBucket and PutObject into CreateBucket; empty,
 * `.` and `..` segments are normalised away by proxies and some stores, so that another object would be meant.
 *
 * @returns why the key cannot be used, or undefined if it can
 */
export function keyProblem(key: string): string | undefined {
  const bytes = Buffer.byteLength(key);
  return bytes > MAX_KEY_BYTES ? `it has ${bytes} bytes and S3 allows ${MAX_KEY_BYTES}` : pathProblem(key);
}

/** As {@link keyProblem}, for a part of a key: whatever its length. */
export function pathProblem(key: string): string | undefined {
  if (key === '') return 'it is empty';
  if (!key.isWellFormed()) return 'it is not valid Unicode';
  if (key.includes('\0')) return 'it has a NUL character';
  const segment = key.split('/').find((part) => part === '' || part === '.' || part === '..');
  if (segment !== undefined) return `it has ${segment === '' ? 'an empty' : `a '${segment}'`} segment`;
  return undefined;
}

/**
 * Makes a key of a string.
 * @throws BackupError of class `permanent` for a key that must never reach a store
 */
export function objectKey(key: string): ObjectKey {
  const problem = keyProblem(key);
  if (problem !== undefined) {
    throw new BackupError(`The object key ${JSON.stringify(key)} cannot be used: ${problem}.`, {
      class: 'permanent',
      operation: 'check key',
      key,
    });
  }
  return key as ObjectKey;
}
