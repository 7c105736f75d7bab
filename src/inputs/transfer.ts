import { parsed, wholeNumber } from './fields.ts';
import { parseBytes } from './quantities.ts';
import type { InputReader } from './reader.ts';

const MAX_CONCURRENCY = 256;
/** S3 takes parts from 5 MiB to 5 GiB (S3 User Guide, "Multipart upload limits"). */
const MIN_PART_BYTES = 5 * 2 ** 20;
const MAX_PART_BYTES = 5 * 2 ** 30;

/** How bytes travel. */
export interface TransferInputs {
  /** Requests in flight. */
  readonly concurrency: number;
  /** Bytes of a part of a large file; a lower bound, since an upload has at most 10,000 parts. */
  readonly partSize: number;
}

/** @throws InputError */
export function readTransferInputs(reader: InputReader): TransferInputs {
  return { concurrency: readConcurrency(reader), partSize: reader.read('part-size', partSizeSchema) };
}

/** Requests in flight. @throws InputError */
export function readConcurrency(reader: InputReader): number {
  return reader.read('concurrency', wholeNumber(1, MAX_CONCURRENCY, 'correct it, or leave the line out for 32'));
}

const partSizeSchema = parsed((value) => {
  const bytes = parseBytes(value);
  return bytes !== undefined && bytes >= MIN_PART_BYTES && bytes <= MAX_PART_BYTES ? bytes : undefined;
}, 'it must be from 5MiB to 5GiB, a number of bytes or one with the unit B, KB, KiB, MB, MiB, GB or GiB: write, for example, `16MiB`');
