import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Personality } from '../../../dev/s3-server/personality.ts';
import { expectRestorable, recordKeys } from '../stored.ts';
import { FULL_ONLY, startEmbeddedWorld, withWorkspace } from '../world.ts';

const MIB = 2 ** 20;

interface Store {
  readonly name: string;
  readonly personality: Partial<Personality>;
  /** What each run says, in one annotation each. */
  readonly warnings: readonly RegExp[];
  readonly tags: boolean;
}

const NO_TAGS = /no object tags/;
const NO_CHECKSUMS = /no additional checksums/;

const STORES: readonly Store[] = [
  { name: 'without tags, as R2', personality: { tagging: 'notImplemented' }, warnings: [NO_TAGS], tags: false },
  { name: 'without tags, as B2', personality: { tagging: 'invalidArgument' }, warnings: [NO_TAGS], tags: false },
  {
    name: 'without checksums',
    // The SDK gives some requests a checksum whatever it is told to do: these are left out, or done in another way.
    personality: { checksums: 'notImplemented' },
    warnings: [NO_CHECKSUMS, /no tags for an object that is already there/, /refuses batched deletes/],
    tags: true,
  },
  { name: 'that ignores checksums, as Ceph', personality: { checksums: 'ignored' }, warnings: [], tags: true },
  {
    name: 'without checksums of whole multipart objects',
    personality: { fullObjectChecksums: false },
    warnings: [/no checksum of a whole multipart object/],
    tags: true,
  },
  {
    name: 'that wants Content-MD5 for batched deletes',
    personality: { bulkDelete: 'missingContentMd5' },
    warnings: [/refuses batched deletes/],
    tags: true,
  },
  {
    name: 'without batched deletes',
    personality: { bulkDelete: 'notImplemented' },
    warnings: [/refuses batched deletes/],
    tags: true,
  },
  {
    name: 'with next to nothing',
    personality: {
      conditionalWrites: 'notImplemented',
      tagging: 'notImplemented',
      checksums: 'notImplemented',
      bulkDelete: 'notImplemented',
    },
    warnings: [/no conditional writes/, NO_TAGS, NO_CHECKSUMS, /refuses batched deletes/],
    tags: false,
  },
];

async function fill(workspace: string): Promise<void> {
  await mkdir(join(workspace, 'sub'), { recursive: true });
  await writeFile(join(workspace, 'empty'), '');
  await writeFile(join(workspace, 'large.bin'), randomBytes(11 * MIB));
  for (let at = 0; at < 20; at++) await writeFile(join(workspace, 'sub', `${at}.txt`), `content ${at}\n`);
}

describe('a store', () => {
  it.each(STORES)('$name keeps versions as good as any, and what it lacks is said once', async (store) => {
    const world = await startEmbeddedWorld({ personality: store.personality });
    try {
      const bucket = await world.createBucket();
      await withWorkspace(async (workspace) => {
        await fill(workspace);
        const inputs = { ...FULL_ONLY, 'keep-last': '1', 'part-size': '5MiB' };
        await world.backup(bucket, { workspace, inputs });
        const { log, ...result } = await world.backup(bucket, { workspace, inputs });

        expect(result).toMatchObject({ exitCode: 0, outputs: { version: '2', files: '22' } });
        const said = result.annotations.map(({ level, message }) => `${level}: ${message}`);
        expect(said).toHaveLength(store.warnings.length);
        for (const warning of store.warnings) {
          expect(said.filter((text) => text.startsWith('warning: ') && warning.test(text))).toHaveLength(1);
          expect(log.match(new RegExp(warning, 'g'))).toHaveLength(1);
        }

        const recordKey = result.outputs['record-key'] ?? '';
        expect(await recordKeys(bucket)).toEqual([recordKey]);
        await expectRestorable(bucket, recordKey);
        for (const { key, tags } of world.server.admin.listObjects(bucket.name)) {
          expect({ key, tagged: Object.keys(tags).length > 0 }).toEqual({ key, tagged: store.tags });
        }
      });
    } finally {
      await world.close();
    }
  });

  it('that does not know the owner of a bucket cannot check it: the input is refused, and nothing is stored', async () => {
    const world = await startEmbeddedWorld({ personality: { expectedBucketOwner: 'notImplemented' } });
    try {
      const bucket = await world.createBucket();
      await withWorkspace(async (workspace) => {
        await writeFile(join(workspace, 'a.txt'), 'content\n');
        const result = await world.backup(bucket, { workspace, inputs: { 'expected-bucket-owner': '123456789012' } });
        expect(result).toMatchObject({ exitCode: 1, outputs: {} });
        expect(result.annotations).toEqual([
          expect.objectContaining({
            level: 'error',
            message: expect.stringMatching(
              /^expected-bucket-owner is "123456789012", but .* cannot check .*: leave the input out\.$/,
            ),
          }),
        ]);
        expect(await bucket.keys()).toEqual([]);
      });
    } finally {
      await world.close();
    }
  });
});
