import { parsed, wholeNumber } from './fields.ts';
import { parseBytes } from './quantities.ts';
import { type InputReader, refused } from './reader.ts';

const MAX_CONCURRENCY = 256;
/** S3 takes parts from 5 MiB to 5 GiB (S3 User Guide, "Multipart upload limits"). */
const MIN_PART_BYTES = 5 * 2 ** 20;
const MAX_PART_BYTES = 5 * 2 ** 30;
/** Two of the ranges in which objects are read, or three of the smallest parts. */
const MIN_MEMORY_BYTES = 16_000_000;
const MAX_MEMORY_BYTES = 1e12;

/** How bytes travel. */
export interface TransferInputs {
  /** Requests in flight. */
  readonly concurrency: number;
  /** Bytes of a part of a large file; a lower bound, since an upload has at most 10,000 parts. */
  readonly partSize: number;
  /** Bytes of all buffers together. */
  readonly maxMemory: number;
}

/** @throws InputError */
export function readTransferInputs(reader: InputReader): TransferInputs {
  const concurrency = readConcurrency(reader);
  const partSize = reader.read('part-size', partSizeSchema);
  const maxMemory = readMaxMemory(reader);
  if (partSize > maxMemory) {
    throw refused(
      'part-size',
      String(partSize),
      `a part has to fit into \`max-memory\` (${maxMemory} bytes): lower it, or raise \`max-memory\``,
    );
  }
  return { concurrency, partSize, maxMemory };
}

/** Bytes of all buffers together. @throws InputError */
export function readMaxMemory(reader: InputReader): number {
  return reader.read('max-memory', maxMemorySchema);
}

/** Requests in flight. @throws InputError */
export function readConcurrency(reader: InputReader): number {
  return reader.read('concurrency', wholeNumber(1, MAX_CONCURRENCY, 'correct it, or leave the line out for 32'));
}

const partSizeSchema = parsed((value) => {
  const bytes = parseBytes(value);
  return bytes !== undefined && bytes >= MIN_PART_BYTES && bytes <= MAX_PART_BYTES ? bytes : undefined;
}, 'it must be from 5MiB to 5GiB, a number of bytes or one with the unit B, KB, KiB, MB, MiB, GB or GiB: write, for example, `16MiB`');

const maxMemorySchema = parsed((value) => {
  const bytes = parseBytes(value);
  return bytes !== undefined && bytes >= MIN_MEMORY_BYTES && bytes <= MAX_MEMORY_BYTES ? bytes : undefined;
}, 'it must be from 16MB to 1000GB, a number of bytes or one with the unit B, KB, KiB, MB, MiB, GB or GiB: write, for example, `256MB`');
