/** The unit of a tar archive: headers and contents begin at multiples of it. */
export const BLOCK_BYTES = 512;

/** Two blocks of zeros end an archive. */
export const END_BYTES = 2 * BLOCK_BYTES;

/**
 * The fields of a ustar header, as offset and length (POSIX.1-2017, pax, "ustar Interchange Format"). Owners are not
 * stored, and long names go into a PAX header, so that `prefix` stays empty.
 */
export const FIELDS = {
  name: [0, 100],
  mode: [100, 8],
  uid: [108, 8],
  gid: [116, 8],
  size: [124, 12],
  mtime: [136, 12],
  checksum: [148, 8],
  type: [156, 1],
  target: [157, 100],
  magic: [257, 8],
  prefix: [345, 155],
} as const;

/** `ustar`, a NUL, and the version. */
export const MAGIC = 'ustar\x0000';

/** The largest number of a field of twelve bytes: eleven octal digits, 8 GiB less one. */
export const MAX_OCTAL_12 = 0o77777777777;

export const TYPE_FLAGS = { file: '0', 'hard-link': '1', symlink: '2', directory: '5' } as const;
/** The header before a member's own, with what that cannot hold ("pax Header Block"). */
export const PAX_FLAG = 'x';

/** What a tar archive holds of one path. */
export interface TarMember {
  readonly type: keyof typeof TYPE_FLAGS;
  /** POSIX, without a slash at its end. */
  readonly path: string;
  /** Permission bits. */
  readonly mode: number;
  /** Nanoseconds since the epoch. */
  readonly mtimeNs: bigint;
  /** Bytes that follow the header; 0 for all but files. */
  readonly size: number;
  /** The text of a symbolic link; of a hard link the path of the member it is the same file as. Else empty. */
  readonly target: string;
}

/** Bytes with which the content of a member fills its last block. */
export function paddingOf(size: number): number {
  return (BLOCK_BYTES - (size % BLOCK_BYTES)) % BLOCK_BYTES;
}

/** The sum of all bytes of a header, those of the checksum itself counted as spaces. */
export function checksumOf(block: Uint8Array): number {
  const [start, length] = FIELDS.checksum;
  let sum = length * 0x20;
  for (let index = 0; index < BLOCK_BYTES; index++) {
    if (index < start || index >= start + length) sum += block[index] ?? 0;
  }
  return sum;
}
