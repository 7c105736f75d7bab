import { MIN_PACK_MEMORY_BYTES } from '../transfer/memory-plan.ts';
import { parsed, wholeNumber } from './fields.ts';
import { parseBytes } from './quantities.ts';
import { type InputReader, refused } from './reader.ts';

const MAX_CONCURRENCY = 256;
/** S3 takes parts from 5 MiB to 5 GiB (S3 User Guide, "Multipart upload limits"). */
const MIN_PART_BYTES = 5 * 2 ** 20;
const MAX_PART_BYTES = 5 * 2 ** 30;
/** A part of the default size beside what packs are made with; two of the ranges in which objects are read. */
const MIN_MEMORY_BYTES = 17_000_000;
const MAX_MEMORY_BYTES = 1e12;

/** Below this a frame would hold less than a file, above it a frame would be most of memory. */
const MIN_PACK_BELOW_BYTES = 2 ** 10;
const MAX_PACK_BELOW_BYTES = 2 ** 30;
const MIN_PACK_BYTES = 2 ** 20;
const MAX_PACK_BYTES = 5 * 2 ** 30;
/** What zstd calls its normal levels; those above take gigabytes of memory. */
const MAX_COMPRESSION_LEVEL = 19;

/** How bytes travel. */
export interface TransferInputs {
  /** Requests in flight. */
  readonly concurrency: number;
  /** Bytes of a part of a large file; a lower bound, since an upload has at most 10,000 parts. */
  readonly partSize: number;
  /** Bytes of all buffers together. */
  readonly maxMemory: number;
  /** How files become objects. */
  readonly layout: 'auto' | 'files' | 'archive';
  /** Bytes; smaller files go into packs. */
  readonly packBelow: number;
  /** Bytes at which a pack is closed. */
  readonly packSize: number;
  /** Of zstd. */
  readonly compressionLevel: number;
  /** Whether large files are compressed where it pays. */
  readonly compression: 'auto' | 'off';
}

/** @throws InputError */
export function readTransferInputs(reader: InputReader): TransferInputs {
  const concurrency = readConcurrency(reader);
  const partSize = reader.read('part-size', sizeSchema(MIN_PART_BYTES, MAX_PART_BYTES, '5MiB to 5GiB', '16MiB'));
  const maxMemory = readMaxMemory(reader);
  const form = readForm(reader);
  checkMemory(partSize, maxMemory, form.layout);
  return { concurrency, partSize, maxMemory, ...form };
}

/** What can be known before it is known what there is to store: a part has room beside what else takes memory. */
function checkMemory(partSize: number, maxMemory: number, layout: TransferInputs['layout']): void {
  const packs = layout === 'files' ? 0 : MIN_PACK_MEMORY_BYTES;
  const needed = partSize + packs;
  if (needed < maxMemory) return;
  const beside = packs === 0 ? '' : `, beside the ${packs} bytes that packs are made with,`;
  throw refused(
    'part-size',
    String(partSize),
    `a part${beside} has to fit into \`max-memory\` (${maxMemory} bytes): lower it, or raise \`max-memory\` above ${needed} bytes`,
  );
}

/** Bytes of all buffers together. @throws InputError */
export function readMaxMemory(reader: InputReader): number {
  return reader.read('max-memory', sizeSchema(MIN_MEMORY_BYTES, MAX_MEMORY_BYTES, '17MB to 1000GB', '256MB'));
}

/** How files become objects. @throws InputError */
function readForm(reader: InputReader): Omit<TransferInputs, 'concurrency' | 'partSize' | 'maxMemory'> {
  return {
    layout: reader.choice('layout', ['auto', 'files', 'archive']),
    packBelow: reader.read(
      'pack-below',
      sizeSchema(MIN_PACK_BELOW_BYTES, MAX_PACK_BELOW_BYTES, '1KiB to 1GiB', '1MiB'),
    ),
    packSize: reader.read('pack-size', sizeSchema(MIN_PACK_BYTES, MAX_PACK_BYTES, '1MiB to 5GiB', '64MiB')),
    compressionLevel: reader.read('compression-level', levelSchema),
    compression: reader.choice('compression', ['auto', 'off']),
  };
}

/** Requests in flight. @throws InputError */
export function readConcurrency(reader: InputReader): number {
  return reader.read('concurrency', wholeNumber(1, MAX_CONCURRENCY, 'correct it, or leave the line out for 32'));
}

const levelSchema = wholeNumber(1, MAX_COMPRESSION_LEVEL, 'correct it, or leave the line out for 3');

function sizeSchema(min: number, max: number, range: string, example: string) {
  return parsed((value) => {
    const bytes = parseBytes(value);
    return bytes !== undefined && bytes >= min && bytes <= max ? bytes : undefined;
  }, `it must be from ${range}, a number of bytes or one with the unit B, KB, KiB, MB, MiB, GB or GiB: write, for example, \`${example}\``);
}
