import {
  BLOCK_BYTES,
  checksumOf,
  FIELDS,
  MAGIC,
  MAX_OCTAL_12,
  PAX_FLAG,
  paddingOf,
  type TarMember,
  TYPE_FLAGS,
} from './tar-format.ts';

const NANOSECONDS_PER_SECOND = 1_000_000_000n;

/** As Python's tarfile names it; the same for every member, which compresses best. */
const PAX_NAME = '././@PaxHeader';
const PAX_MODE = 0o644;

const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;

/**
 * The header of a member: one ustar block, and before it a PAX header where that cannot hold everything (a long name or
 * one that is not ASCII, a fraction of a second, a size of 8 GiB and more). Equal members, equal bytes.
 *
 * @returns whole blocks; the content follows, filled up by {@link paddingOf} zeros
 */
export function encodeHeader(member: TarMember): Buffer {
  const records = paxRecords(member);
  if (records === '') return headerBlock(member, Buffer.alloc(BLOCK_BYTES));
  const length = Buffer.byteLength(records);
  const bytes = Buffer.alloc(BLOCK_BYTES + length + paddingOf(length) + BLOCK_BYTES);
  paxBlock(length, bytes.subarray(0, BLOCK_BYTES));
  bytes.write(records, BLOCK_BYTES);
  headerBlock(member, bytes.subarray(-BLOCK_BYTES));
  return bytes;
}

/** As archives name it: a directory has a slash at its end. */
function nameOf({ type, path }: TarMember): string {
  return type === 'directory' ? `${path}/` : path;
}

/** `LENGTH KEY=VALUE\n` for each; the length is that of the whole record in bytes, its own digits included. */
function paxRecords(member: TarMember): string {
  const { mtimeNs, size, target } = member;
  return [
    isPlain(nameOf(member), FIELDS.name) ? '' : paxRecord('path', nameOf(member)),
    isPlain(target, FIELDS.target) ? '' : paxRecord('linkpath', target),
    isWholeSecond(mtimeNs) ? '' : paxRecord('mtime', decimalSeconds(mtimeNs)),
    size <= MAX_OCTAL_12 ? '' : paxRecord('size', String(size)),
  ].join('');
}

function isPlain(text: string, [, length]: readonly [number, number]): boolean {
  return text.length <= length && PRINTABLE_ASCII.test(text);
}

function isWholeSecond(ns: bigint): boolean {
  return ns >= 0n && ns % NANOSECONDS_PER_SECOND === 0n && ns / NANOSECONDS_PER_SECOND <= BigInt(MAX_OCTAL_12);
}

function paxRecord(key: string, value: string): string {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + 1;
  while (length !== rest + String(length).length) length = rest + String(length).length;
  return `${length} ${key}=${value}\n`;
}

/** Sign, seconds, and a fraction only as long as it has to be: `-0.5` is half a second before the epoch. */
function decimalSeconds(ns: bigint): string {
  const size = ns < 0n ? -ns : ns;
  const fraction = (size % NANOSECONDS_PER_SECOND).toString().padStart(9, '0').replace(/0+$/, '');
  const whole = `${ns < 0n ? '-' : ''}${size / NANOSECONDS_PER_SECOND}`;
  return fraction === '' ? whole : `${whole}.${fraction}`;
}

function headerBlock(member: TarMember, block: Buffer): Buffer {
  const { type, mode, mtimeNs, size, target } = member;
  writeText(block, FIELDS.name, nameOf(member));
  writeOctal(block, FIELDS.mode, mode & 0o7777);
  writeOctal(block, FIELDS.size, size <= MAX_OCTAL_12 ? size : 0);
  writeOctal(block, FIELDS.mtime, clampedSeconds(mtimeNs));
  writeText(block, FIELDS.target, target);
  return finishBlock(block, TYPE_FLAGS[type]);
}

function paxBlock(length: number, block: Buffer): void {
  writeText(block, FIELDS.name, PAX_NAME);
  writeOctal(block, FIELDS.mode, PAX_MODE);
  writeOctal(block, FIELDS.size, length);
  writeOctal(block, FIELDS.mtime, 0);
  finishBlock(block, PAX_FLAG);
}

function finishBlock(block: Buffer, flag: string): Buffer {
  writeOctal(block, FIELDS.uid, 0);
  writeOctal(block, FIELDS.gid, 0);
  writeText(block, FIELDS.type, flag);
  writeText(block, FIELDS.magic, MAGIC);
  const [start] = FIELDS.checksum;
  // Six digits, a NUL and a space, as every tar has written it.
  block.write(`${checksumOf(block).toString(8).padStart(6, '0')}\0 `, start, 'latin1');
  return block;
}

/** What does not fit is cut: the PAX header has all of it. */
function writeText(block: Buffer, [start, length]: readonly [number, number], text: string): void {
  block.write(text, start, length, 'utf8');
}

function writeOctal(block: Buffer, [start, length]: readonly [number, number], value: number): void {
  block.write(value.toString(8).padStart(length - 1, '0'), start, length - 1, 'latin1');
}

/** For those who do not read PAX headers: rounded down, in what the field can hold. */
function clampedSeconds(ns: bigint): number {
  const seconds = ns / NANOSECONDS_PER_SECOND;
  if (ns < 0n) return 0;
  return seconds > BigInt(MAX_OCTAL_12) ? MAX_OCTAL_12 : Number(seconds);
}
