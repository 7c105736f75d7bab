import { createHash } from 'node:crypto';
import { sampleRatio } from '../pack/compression.ts';
import { SourceFile } from '../source-file.ts';

/** Places of a file that are looked at, spread from its start to its end. */
const SAMPLES = 4;
const SAMPLE_BYTES = 64 * 1024;

export interface FileSample {
  /** The same for files of the same size that are alike in all places that were looked at. */
  readonly fingerprint: string;
  /** Bytes after compression as a part of those before, in these places. */
  readonly ratio: number;
}

/**
 * Looks at a few places of a large file, to guess how well it compresses and whether it has been seen before.
 * @throws BackupError of class `local`
 */
export async function sampleFile(path: string): Promise<FileSample> {
  const file = await SourceFile.open(path);
  try {
    const { size } = file.state;
    const hash = createHash('sha256');
    const buffer = Buffer.allocUnsafe(SAMPLE_BYTES);
    let ratios = 0;
    for (let index = 0; index < SAMPLES; index++) {
      const position = Math.floor((Math.max(0, size - SAMPLE_BYTES) * index) / (SAMPLES - 1));
      const sample = buffer.subarray(0, await file.read(buffer, position));
      hash.update(sample);
      ratios += sampleRatio(sample);
    }
    return { fingerprint: `${size}:${hash.digest('hex')}`, ratio: ratios / SAMPLES };
  } finally {
    await file.close();
  }
}
