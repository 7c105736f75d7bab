import { S3Error } from '../errors.ts';
import type { ObjectVersion } from '../storage/objects.ts';

/** Which bytes of an object an answer carries, first and last included; `last` is -1 for an empty object. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
  readonly partial: boolean;
}

const unsatisfiable = (code: string, message: string): S3Error => new S3Error(416, code, message);

/**
 * The bytes a `Range` header asks for; a header that is not understood asks for all of them (RFC 9110).
 * @throws {S3Error} InvalidRange when none of them exist.
 */
export function rangeOf(header: string | undefined, size: number): ByteRange {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/u.exec(header ?? '') ?? [];
  if (from === '' && to === '') return { first: 0, last: size - 1, partial: false };
  const first = from === '' ? Math.max(size - Number(to), 0) : Number(from);
  const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (first >= size || first > last) throw unsatisfiable('InvalidRange', 'The requested range is not satisfiable');
  return { first, last, partial: true };
}

/**
 * The bytes of one part of an object; an object that was not uploaded in parts counts as one.
 * @throws {S3Error} InvalidPartNumber.
 */
export function partRange(partNumber: number, object: ObjectVersion): ByteRange {
  const sizes = object.bodies.map(({ size }) => size);
  const size = sizes[partNumber - 1];
  if (size === undefined) throw unsatisfiable('InvalidPartNumber', 'The requested partnumber is not satisfiable');
  const first = sizes.slice(0, partNumber - 1).reduce((sum, part) => sum + part, 0);
  return { first, last: first + size - 1, partial: true };
}
