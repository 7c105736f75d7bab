import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startWorld, type World, withWorkspace } from '../world.ts';

const MIB = 2 ** 20;
const FILE_MIB = 1024;
const SMALL_FILES = 200;
const TIMEOUT_MS = 300_000;

/** Measured, buffers apart: 180 MiB with one request at a time, 235 with 32; most of it garbage to be collected. */
const BASE_BYTES = 300 * MIB;
/** Ranges have 8 MiB; all buffers together have no more than 128 MiB. */
const bufferBytes = (concurrency: number) => Math.min(concurrency * 8, 128) * MIB;

let world: World;
beforeAll(async () => {
  world = await startWorld();
}, TIMEOUT_MS);
afterAll(() => world.close());

/** No two MiB of it are alike, so that a range in the wrong place shows. @returns its SHA-256 */
async function writeLargeFile(path: string): Promise<string> {
  const sha256 = createHash('sha256');
  function* blocks(): Generator<Buffer> {
    const random = randomBytes(MIB);
    for (let counter = 0; counter < FILE_MIB; counter++) {
      const block = Buffer.from(random);
      block.writeUInt32BE(counter);
      sha256.update(block);
      yield block;
    }
  }
  await pipeline(Readable.from(blocks()), createWriteStream(path));
  return sha256.digest('hex');
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

describe('a version with one file of 1 GiB and many small ones', () => {
  it(
    'comes back in memory that depends on concurrency alone',
    async () => {
      const bucket = await world.createBucket();
      const sha256 = await withWorkspace(async (workspace) => {
        await mkdir(join(workspace, 'small'));
        for (let at = 0; at < SMALL_FILES; at++) await writeFile(join(workspace, 'small', `${at}`), `content ${at}`);
        const digest = await writeLargeFile(join(workspace, 'large.bin'));
        expect(await world.backup(bucket, { workspace })).toMatchObject({ exitCode: 0 });
        return digest;
      });
      const peaks: number[] = [];
      for (const concurrency of [32, 2]) {
        await withWorkspace(async (workspace) => {
          const inputs = { target: 't', concurrency: String(concurrency), 'max-memory': '128MiB' };
          const result = await world.run('restore', bucket, { workspace, inputs });
          expect(result).toMatchObject({ exitCode: 0, outputs: { files: String(SMALL_FILES + 1) } });
          expect(await sha256Of(join(workspace, 't/large.bin'))).toBe(sha256);
          expect(result.maxRssBytes).toBeLessThan(bufferBytes(concurrency) + BASE_BYTES);
          peaks.push(result.maxRssBytes ?? 0);
        });
      }
      // Almost all of what the smaller budget leaves out is really not there.
      const [usual = 0, small = 0] = peaks;
      expect(small).toBeLessThan(usual - (bufferBytes(32) - bufferBytes(2)) / 2);
    },
    TIMEOUT_MS,
  );
});
