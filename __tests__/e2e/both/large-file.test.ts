import { createHash, randomBytes } from 'node:crypto';
import { createWriteStream, readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import { HeadObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Bucket } from '../bucket.ts';
import { digestOf, SERIES } from '../stored.ts';
import { startWorld, TARGET, type World, withWorkspace } from '../world.ts';

const MIB = 2 ** 20;
const FILE_MIB = 1024;
const TIMEOUT_MS = 300_000;

/** What Node, the bundle and the SDK take by themselves, with room to spare: a step with one small file has about 130 MiB. */
const BASE_BYTES = 200 * MIB;
/** What the collector has not given back yet: hash states, requests, replies. */
const SLACK_BYTES = 64 * MIB;
/** README, "Limits": `min(concurrency × part-size, max-memory)`, here 128 MiB. */
const bufferBytes = (concurrency: number, partMiB: number) => Math.min(concurrency * partMiB, 128) * MIB;

interface LargeFile {
  readonly sha256: string;
  /** Base64, as S3 has it. */
  readonly crc32: string;
}

/** No two MiB of it are alike, so that a part in the wrong place shows. */
async function writeLargeFile(path: string): Promise<LargeFile> {
  const sha256 = createHash('sha256');
  let crc = 0;
  function* blocks(): Generator<Buffer> {
    const random = randomBytes(MIB);
    for (let counter = 0; counter < FILE_MIB; counter++) {
      const block = Buffer.from(random);
      block.writeUInt32BE(counter);
      sha256.update(block);
      crc = crc32(block, crc);
      yield block;
    }
  }
  await pipeline(Readable.from(blocks()), createWriteStream(path));
  const digest = Buffer.alloc(4);
  digest.writeUInt32BE(crc);
  return { sha256: sha256.digest('hex'), crc32: digest.toString('base64') };
}

/** Bytes that a process has read so far, from files and from sockets; what comes back from a store while uploading is little. */
function bytesRead(pid: number): number {
  return Number(/^rchar: (\d+)$/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1]);
}

/** @returns the key of the object */
async function expectStored(bucket: Bucket, recordKey: string, file: LargeFile, parts: number): Promise<string> {
  const [line] = await bucket.index(recordKey);
  expect(line).toMatchObject({ path: 'large.bin', size: FILE_MIB * MIB, sha256: file.sha256 });
  const key = `${SERIES}${line?.key}`;
  const head = await bucket.client.send(
    new HeadObjectCommand({ Bucket: bucket.name, Key: key, ChecksumMode: 'ENABLED' }),
  );
  expect(head.ETag).toMatch(new RegExp(`-${parts}"$`));
  // Ceph 16 keeps no checksums.
  if (TARGET === 'embedded') expect(head).toMatchObject({ ChecksumType: 'FULL_OBJECT', ChecksumCRC32: file.crc32 });
  return key;
}

let world: World;
beforeAll(async () => {
  world = await startWorld();
}, TIMEOUT_MS);
afterAll(() => world.close());

describe('one file of 1 GiB', () => {
  it(
    'is read once and stored in parts, in memory that depends on concurrency and part size alone',
    async () => {
      const bucket = await world.createBucket();
      await withWorkspace(async (workspace) => {
        const file = await writeLargeFile(join(workspace, 'large.bin'));

        const step = await world.start(bucket, { workspace, inputs: { 'max-memory': '128MiB' } });
        let read = 0;
        step.onLine(({ text }) => {
          if (text.startsWith('::group::Write the index') && process.platform === 'linux') read = bytesRead(step.pid);
        });
        const usual = await step.done;
        expect(usual).toMatchObject({ exitCode: 0, annotations: [] });
        expect(usual.outputs).toMatchObject({
          files: '1',
          bytes: String(FILE_MIB * MIB),
          'uploaded-bytes': String(FILE_MIB * MIB),
        });
        const key = await expectStored(bucket, usual.outputs['record-key'] ?? '', file, FILE_MIB / 8);
        expect(await digestOf(bucket, key)).toEqual({ size: FILE_MIB * MIB, sha256: file.sha256 });
        expect(usual.maxRssBytes).toBeLessThan(bufferBytes(32, 8) + BASE_BYTES);
        if (process.platform === 'linux') {
          expect(read).toBeGreaterThanOrEqual(FILE_MIB * MIB);
          expect(read).toBeLessThan((FILE_MIB + 64) * MIB);
        }

        const small = await world.backup(bucket, {
          workspace,
          inputs: { concurrency: '2', 'part-size': '5MiB', incremental: 'off' },
        });
        expect(small).toMatchObject({ exitCode: 0, annotations: [] });
        await expectStored(bucket, small.outputs['record-key'] ?? '', file, Math.ceil(FILE_MIB / 5));
        expect(small.maxRssBytes).toBeLessThan(bufferBytes(2, 5) + BASE_BYTES);

        // Against a step that has next to nothing to send, only the buffers come on top. (How much of a large budget is
        // in use at once depends on how fast the store takes it, so the two runs above cannot be compared.)
        await rm(join(workspace, 'large.bin'));
        await writeFile(join(workspace, 'tiny.txt'), 'tiny');
        const { maxRssBytes: idle = 0 } = await world.backup(bucket, { workspace });
        expect(idle).toBeGreaterThan(0);
        expect(small.maxRssBytes).toBeLessThan(idle + bufferBytes(2, 5) + SLACK_BYTES);
        expect(usual.maxRssBytes).toBeLessThan(idle + bufferBytes(32, 8) + SLACK_BYTES);
      });
    },
    TIMEOUT_MS,
  );
});
