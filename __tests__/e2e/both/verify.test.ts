import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Bucket } from '../bucket.ts';
import { complaints } from '../complaints.ts';
import { type Tree, withTree } from '../tree.ts';
import { FULL_ONLY, startWorld, type World } from '../world.ts';

const MIB = 2 ** 20;
const SERIES = 'backups/dist';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

type Inputs = Readonly<Record<string, string>>;

interface Damaged {
  readonly path?: string;
  readonly key: string;
  readonly kind: string;
  readonly versions: readonly string[];
}

const TREE: Tree = {
  'app.js': 'console.log(1)\n',
  'b/ü 🚀.txt': 'second',
  'b/\ufffd.txt': 'third',
  empty: '',
  link: { linkTo: 'app.js' },
  'hollow/': '',
};

/** @param inputs of the backups; by default every version has objects of its own, to be damaged one by one */
async function withVersions(
  trees: readonly Tree[],
  work: (bucket: Bucket, ids: string[]) => Promise<void>,
  inputs: Inputs = FULL_ONLY,
) {
  const bucket = await world.createBucket();
  const ids: string[] = [];
  for (const tree of trees) {
    await withTree(tree, async (workspace) => {
      const result = await world.backup(bucket, { workspace, inputs });
      expect(result.exitCode).toBe(0);
      ids.push(result.outputs['version-id'] ?? '');
    });
  }
  await work(bucket, ids);
}

/** Verifies, and reads what is damaged, from the output and from the file with all of it. */
async function verify(bucket: Bucket, inputs: Inputs = {}) {
  const temp = await mkdtemp(join(tmpdir(), 'verify-'));
  try {
    const result = await world.run('verify', bucket, { workspace: temp, temp, inputs });
    const { 'damaged-file': file = '', damaged = '[]' } = result.outputs;
    const lines = file === '' ? [] : (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
    const all = lines.map((line) => JSON.parse(line));
    const found: readonly Damaged[] = JSON.parse(damaged);
    return { ...result, found, all, left: await readdir(temp) };
  } finally {
    await rm(temp, { recursive: true });
  }
}

async function remove(bucket: Bucket, key: string): Promise<void> {
  await bucket.client.send(new DeleteObjectCommand({ Bucket: bucket.name, Key: key }));
}

const keyOf = (id: string, path: string) => `${SERIES}/data/${id}/files/${path}`;

describe('verify', () => {
  it.each(['objects', 'checksums', 'data', 'restore'])('finds an intact series intact at level %s', async (level) => {
    const trees = [TREE, { ...TREE, 'large.bin': randomBytes(17 * MIB) }];
    const isIntact = async (bucket: Bucket, ids: string[]) => {
      const result = await verify(bucket, { level, version: 'all', 'max-age': '1h' });
      const titles = complaints(result).map(({ title }) => title);
      expect({ exitCode: result.exitCode, titles }).toEqual({ exitCode: 0, titles: [] });
      // The second version has one file of its own, and shares the four of the first.
      expect(result.outputs).toMatchObject({
        ok: 'true',
        versions: JSON.stringify(ids),
        'checked-objects': '5',
        'checked-bytes': String(26 + 17 * MIB),
        'not-comparable': '0',
        damaged: '[]',
        'damaged-count': '0',
      });
      expect(result.summary).toContain('### Verified dist version all');
      expect(result.left).toEqual([expect.stringMatching(/^versioned-s3-backup-list-/)]);
    };
    await withVersions(trees, isIntact, {});
  });

  it('names every damaged entry and the version it hurts, and fails with its outputs set', async () => {
    await withVersions([TREE, TREE, TREE], async (bucket, [first = '', second = '', third = '']) => {
      await remove(bucket, keyOf(first, 'app.js'));
      await bucket.put(keyOf(second, 'b/ü 🚀.txt'), 'sEcond');
      await bucket.put(`${SERIES}/versions/${third}.json`, '{"format":1}');
      const result = await verify(bucket, { level: 'data', version: 'all' });
      expect(result.exitCode).toBe(1);
      expect(result.found.map(({ kind, path, versions }) => [kind, path, versions])).toEqual([
        ['record', undefined, [third]],
        ['missing', 'app.js', [first]],
        ['content', 'b/ü 🚀.txt', [second]],
      ]);
      expect(result.all).toEqual(result.found);
      expect(result.outputs).toMatchObject({ ok: 'false', 'checked-objects': '8', 'damaged-count': '3' });
      const [error] = result.annotations.filter(({ level }) => level === 'error');
      expect(error?.message).toContain('The series dist has 3 damaged entries in version 1, 2, 3:');
      expect(result.log).toContain('code: DAMAGED');
      expect(result.summary).toContain('### Verification failed: dist version all');
    });
  });

  it('looks as deep as it is asked to, at the version that is asked for', async () => {
    await withVersions([TREE, TREE], async (bucket, [first = '']) => {
      await bucket.put(keyOf(first, 'app.js'), 'console.log(2)\n');
      expect(await verify(bucket, { level: 'data' })).toMatchObject({ exitCode: 0 });
      for (const level of ['objects', 'checksums', 'data', 'restore']) {
        const { exitCode, found } = await verify(bucket, { version: '1', level });
        expect({ exitCode, paths: found.map(({ path }) => path) }).toEqual({ exitCode: 1, paths: ['app.js'] });
      }
    });
  });

  it('reads every object once in as many shares as there are', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `file ${index}`);
    await withVersions([Object.fromEntries(names.map((name) => [name, name]))], async (bucket, [id = '']) => {
      for (const name of names) await bucket.put(keyOf(id, name), name.toUpperCase());
      const read: (string | undefined)[] = [];
      for (const turn of [41, 42, 43]) {
        const { found, outputs } = await verify(bucket, { level: 'data', 'data-subset': `${turn}/3` });
        expect(outputs['checked-objects']).toBe(String(found.length));
        read.push(...found.map(({ path }) => path));
      }
      expect(read.sort()).toEqual([...names].sort());
    });
  });

  it('draws the same sample again by the seed that the log names', async () => {
    const names = Array.from({ length: 30 }, (_, index) => `file ${index}`);
    await withVersions([Object.fromEntries(names.map((name) => [name, name]))], async (bucket) => {
      const first = await verify(bucket, { level: 'data', 'data-subset': '50%' });
      const [, seed] = /drawn with the seed ([0-9a-f]{32})/.exec(first.log) ?? [];
      const again = await verify(bucket, { level: 'data', 'data-subset': `50%@${seed}` });
      expect(again.outputs).toMatchObject({
        'checked-objects': first.outputs['checked-objects'],
        'checked-bytes': first.outputs['checked-bytes'],
      });
    });
  });

  it('fails where there is no version, whether or not an age is asked for', async () => {
    const bucket = await world.createBucket();
    const old = await verify(bucket, { 'max-age': '26h' });
    expect(old).toMatchObject({ exitCode: 1, outputs: { ok: 'false', versions: '[]', damaged: '[]' } });
    expect(old.annotations[0]?.message).toBe('The series dist has no complete version, and `max-age` is 26h.');
    const none = await verify(bucket);
    expect(none.exitCode).toBe(1);
    expect(none.annotations[0]?.message).toContain('The version "latest" was not found');
  });
});
