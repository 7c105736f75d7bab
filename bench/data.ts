import { mkdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const KIB = 1024;
const MIB = 1024 * KIB;

/** The data sets the lines of the benchmark are run on. */
export interface DataSizes {
  /** Files of a: about 8 KiB each, source-like. */
  readonly sourceFiles: number;
  /** Files of b, and bytes of each; one half compresses. */
  readonly largeFiles: number;
  readonly largeBytes: number;
  /** Files of d: a few hundred bytes each. */
  readonly tinyFiles: number;
}

export const FULL_SIZES: DataSizes = {
  sourceFiles: 10_000,
  largeFiles: 4,
  largeBytes: 1024 * MIB,
  tinyFiles: 100_000,
};

/** A generator of numbers that is the same everywhere and always (mulberry32): 0 ≤ x < 1. */
export function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const WORDS =
  'const let return function import export from if else for await async class extends new this readonly private public string number boolean undefined null true false value key name path size bytes hash index entry entries version series store object request reply error message context options result list map filter join split length start end position offset chunk buffer stream read write open close'.split(
    ' ',
  );

/** Text that compresses about as source code does: words, names that come again, indentation. */
export function sourceText(bytes: number, random: () => number): string {
  const pick = () => WORDS[Math.floor(random() * WORDS.length)] ?? '';
  const names = Array.from(
    { length: 12 },
    () => `${pick()}${pick().replace(/^./, (first) => first.toUpperCase())}${Math.floor(random() * 1000)}`,
  );
  const name = () => names[Math.floor(random() * names.length)] ?? '';
  let text = '';
  while (text.length < bytes) {
    text += `${'  '.repeat(Math.floor(random() * 4))}${pick()} ${name()} = ${name()}.${pick()}(${name()}, ${Math.floor(random() * 100_000)});\n`;
    if (random() < 0.1)
      text += `\n/** ${pick()} ${pick()} ${pick()} of ${name()}, ${random().toString(36).slice(2)} */\n`;
  }
  return text.slice(0, bytes);
}

/** Writes {@link FULL_SIZES.sourceFiles} files below `directory`, in folders of fifty. Size: 8 KiB on average. */
export function makeSourceFiles(directory: string, count: number): void {
  makeSmall(directory, count, 50, (random) => Math.floor(2 * KIB + random() * 12.5 * KIB));
}

/** Files of 50 to 850 bytes, in folders of two hundred. */
export function makeTinyFiles(directory: string, count: number): void {
  makeSmall(directory, count, 200, (random) => Math.floor(50 + random() * 800));
}

function makeSmall(directory: string, count: number, perFolder: number, size: (random: () => number) => number): void {
  const random = numbers(1);
  for (let index = 0; index < count; index++) {
    const path = join(directory, smallPath(index, perFolder));
    if (index % perFolder === 0) mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, sourceText(size(random), random));
  }
}

function smallPath(index: number, perFolder: number): string {
  const folder = Math.floor(index / perFolder);
  return `pkg-${String(Math.floor(folder / 20)).padStart(3, '0')}/mod-${String(folder % 20).padStart(2, '0')}/file-${String(index % perFolder).padStart(3, '0')}.ts`;
}

/** Files of `bytes` each: every other MiB is random, the others are text. */
export async function makeLargeFiles(directory: string, count: number, bytes: number): Promise<void> {
  mkdirSync(directory, { recursive: true });
  for (let index = 0; index < count; index++) await makeLargeFile(join(directory, `large-${index}.bin`), bytes, index);
}

async function makeLargeFile(path: string, bytes: number, seed: number): Promise<void> {
  const random = numbers(1000 + seed);
  const text = Buffer.from(sourceText(MIB, random));
  const noise = Buffer.alloc(MIB);
  const file = await open(path, 'w');
  try {
    for (let written = 0, block = 0; written < bytes; written += MIB, block++) {
      const chunk = block % 2 === 0 ? text : fillWithNoise(noise, random);
      await file.write(chunk, 0, Math.min(MIB, bytes - written));
    }
  } finally {
    await file.close();
  }
}

function fillWithNoise(buffer: Buffer, random: () => number): Buffer {
  for (let at = 0; at + 4 <= buffer.length; at += 4) buffer.writeUInt32LE(Math.floor(random() * 2 ** 32), at);
  return buffer;
}

/**
 * Rewrites one file in a hundred, others and otherwise for each number, and gives every file a new mtime: what a checkout
 * does to a tree.
 */
export function touchAndChange(directory: string, count: number, number: number): void {
  const now = Date.now() / 1000;
  for (let index = 0; index < count; index++) {
    const path = join(directory, smallPath(index, 50));
    if (index % 100 === number % 100) {
      const { size } = statSync(path);
      writeFileSync(path, sourceText(size, numbers(number * 1_000_003 + index)));
    } else utimesSync(path, now, now);
  }
}

/** Removes a data set. */
export function removeData(directory: string): void {
  rmSync(directory, { recursive: true, force: true });
}
