/** In what names of a file system are the same although they are written differently. */
export interface FileSystemTraits {
  readonly ignoresCase: boolean;
  /** NFC and NFD of a name are one file. */
  readonly ignoresForm: boolean;
}

/** Sorts before every character that a path can have. */
export const SEGMENT_SEPARATOR = '\0';

/**
 * A text that is the same for all paths that are, or could be, the same file. The segments are joined so that, in the
 * order of UTF-16 units, all that lies below a path follows right behind it.
 *
 * By way of lower and upper case `ß` becomes `SS` and ligatures come apart, as APFS compares them (CVE-2026-23950). NTFS
 * does not, so a pair of such names is refused there although it could be restored.
 *
 * @param path POSIX, without NUL
 */
export function collisionKey(path: string, { ignoresCase, ignoresForm }: FileSystemTraits): string {
  const cased = ignoresCase ? path.toLowerCase().toUpperCase() : path;
  const key = ignoresForm ? cased.normalize('NFD').replace(/\p{Default_Ignorable_Code_Point}/gu, '') : cased;
  return key.replaceAll('/', SEGMENT_SEPARATOR);
}
