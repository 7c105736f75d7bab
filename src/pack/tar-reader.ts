import { isUtf8 } from 'node:buffer';
import {
  BLOCK_BYTES,
  checksumOf,
  FIELDS,
  MAGIC,
  PAX_FLAG,
  paddingOf,
  type TarMember,
  TYPE_FLAGS,
} from './tar-format.ts';

const NANOSECONDS_PER_SECOND = 1_000_000_000n;

/** A path and a link of 4,096 bytes each and some numbers take less; a pack with more is not ours. */
export const MAX_PAX_BYTES = 64 * 1024;

/**
 * What stands at the start of some bytes of an archive.
 * - `member`: a header of `headerBytes`, PAX header included; its content follows, then its padding
 * - `end`: a block of zeros
 * - `short`: at least `needs` bytes are wanted to tell
 * - `bad`: nothing this project writes; `problem` reads on after a colon
 */
export type ParsedHeader =
  | { readonly kind: 'member'; readonly member: TarMember; readonly headerBytes: number }
  | { readonly kind: 'end' }
  | { readonly kind: 'short'; readonly needs: number }
  | { readonly kind: 'bad'; readonly problem: string };

/** The keys of PAX records that are written; others could change what a member is, and are refused. */
type PaxKey = 'path' | 'linkpath' | 'mtime' | 'size';
type PaxFields = Partial<Record<PaxKey, string>>;

/** The bytes are hostile: whatever they are, memory and time are bounded by {@link MAX_PAX_BYTES}. */
export function parseHeader(bytes: Uint8Array): ParsedHeader {
  if (bytes.byteLength < BLOCK_BYTES) return { kind: 'short', needs: BLOCK_BYTES };
  const block = bytes.subarray(0, BLOCK_BYTES);
  if (block.every((byte) => byte === 0)) return { kind: 'end' };
  try {
    return text(block, FIELDS.type) === PAX_FLAG ? parsePaxAnd(bytes) : parsePlain(block, {}, 0);
  } catch (error) {
    if (error instanceof Malformed) return { kind: 'bad', problem: error.message };
    throw error;
  }
}

/** What ends the digits of a checksum: the only bytes of a header that its sum does not cover. */
const CHECKSUM_END = '\0 ';

/** Never leaves this file. */
class Malformed extends Error {}

function parsePaxAnd(bytes: Uint8Array): ParsedHeader {
  const block = bytes.subarray(0, BLOCK_BYTES);
  checkBlock(block);
  const length = octal(block, FIELDS.size);
  if (length > MAX_PAX_BYTES) throw new Malformed(`a PAX header has ${length} bytes`);
  const headerAt = BLOCK_BYTES + length + paddingOf(length);
  const needs = headerAt + BLOCK_BYTES;
  if (bytes.byteLength < needs) return { kind: 'short', needs };
  const fields = parseRecords(bytes.subarray(BLOCK_BYTES, BLOCK_BYTES + length));
  return parsePlain(bytes.subarray(headerAt, needs), fields, headerAt);
}

function parsePlain(block: Uint8Array, pax: PaxFields, before: number): ParsedHeader {
  checkBlock(block);
  const type = typeOf(text(block, FIELDS.type));
  const size = sizeOf(octal(block, FIELDS.size), pax.size);
  if (type !== 'file' && size !== 0) throw new Malformed(`a member of type ${type} has ${size} bytes`);
  const name = pax.path ?? text(block, FIELDS.name);
  const member: TarMember = {
    type,
    path: type === 'directory' ? name.replace(/\/$/, '') : name,
    mode: octal(block, FIELDS.mode) & 0o7777,
    mtimeNs:
      pax.mtime === undefined ? BigInt(octal(block, FIELDS.mtime)) * NANOSECONDS_PER_SECOND : nanoseconds(pax.mtime),
    size,
    target: pax.linkpath ?? text(block, FIELDS.target),
  };
  return { kind: 'member', member, headerBytes: before + BLOCK_BYTES };
}

/**
 * A size that an octal field cannot hold is 0 there and whole in the PAX header, as GNU tar writes it. Two sizes that
 * disagree make one reader find members where another sees content (CVE-2025-62518).
 */
function sizeOf(inBlock: number, inPax: string | undefined): number {
  if (inPax === undefined) return inBlock;
  const size = decimal(inPax);
  if (inBlock !== 0 && inBlock !== size) {
    throw new Malformed(`the size of a member is ${size} in its PAX header and ${inBlock} in its own`);
  }
  return size;
}

function checkBlock(block: Uint8Array): void {
  if (latin1(block, FIELDS.magic) !== MAGIC) throw new Malformed('a header is not in the ustar format');
  const isEnded = latin1(block, FIELDS.checksum).endsWith(CHECKSUM_END);
  if (!isEnded || octal(block, FIELDS.checksum) !== checksumOf(block)) {
    throw new Malformed('the checksum of a header is wrong');
  }
  if (text(block, FIELDS.prefix) !== '') throw new Malformed('a header has a prefix');
}

function typeOf(flag: string): TarMember['type'] {
  for (const [type, known] of Object.entries(TYPE_FLAGS)) {
    if (known === flag) return type as TarMember['type'];
  }
  throw new Malformed(`a member has the type ${JSON.stringify(flag)}`);
}

function parseRecords(bytes: Uint8Array): PaxFields {
  const fields: PaxFields = {};
  for (let position = 0; position < bytes.byteLength; ) {
    const [, digits = ''] = /^([1-9]\d{0,5}) /.exec(utf8(bytes.subarray(position, position + 7), false)) ?? [];
    const end = position + Number(digits);
    const record = utf8(bytes.subarray(position + digits.length + 1, end), true);
    const [, key = '', value = ''] = /^(path|linkpath|mtime|size)=([^\0]+)\n$/.exec(record) ?? [];
    if (end > bytes.byteLength || key === '') throw new Malformed('a record of a PAX header cannot be read');
    if (Object.hasOwn(fields, key)) throw new Malformed(`a PAX header has two records ${key}`);
    fields[key as PaxKey] = value;
    position = end;
  }
  return fields;
}

function text(block: Uint8Array, field: readonly [number, number]): string {
  const [start, length] = field;
  const bytes = block.subarray(start, start + length);
  const end = bytes.indexOf(0);
  // Only what a PAX header has whole can be cut, and then within a character.
  return utf8(end === -1 ? bytes : bytes.subarray(0, end), false);
}

function latin1(block: Uint8Array, [start, length]: readonly [number, number]): string {
  return String.fromCharCode(...block.subarray(start, start + length));
}

function utf8(bytes: Uint8Array, strict: boolean): string {
  if (strict && !isUtf8(bytes)) throw new Malformed('a PAX header is not valid UTF-8');
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

function octal(block: Uint8Array, field: readonly [number, number]): number {
  const digits = /^([0-7]+)[\0 ]*$/.exec(latin1(block, field))?.[1];
  if (digits === undefined) throw new Malformed('a number in a header is not octal');
  return Number.parseInt(digits, 8);
}

function decimal(value: string): number {
  const number = /^\d{1,16}$/.test(value) ? Number(value) : Number.NaN;
  if (!Number.isSafeInteger(number)) throw new Malformed(`the size ${JSON.stringify(value)} is no number of bytes`);
  return number;
}

function nanoseconds(value: string): bigint {
  const [, sign, whole, fraction = ''] = /^(-?)(\d{1,15})(?:\.(\d{1,9}))?$/.exec(value) ?? [];
  if (whole === undefined) throw new Malformed(`the time ${JSON.stringify(value)} cannot be read`);
  const size = BigInt(whole) * NANOSECONDS_PER_SECOND + BigInt(fraction.padEnd(9, '0'));
  return sign === '-' ? -size : size;
}
