import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { StepResult } from '../../../dev/runner/index.ts';
import type { Bucket } from '../bucket.ts';
import { complaints } from '../complaints.ts';
import { plant, type Tree, withTree } from '../tree.ts';
import { startWorld, type World } from '../world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

function expectGood(result: StepResult): void {
  expect({ exitCode: result.exitCode, complaints: complaints(result) }).toEqual({ exitCode: 0, complaints: [] });
}

type Inputs = Readonly<Record<string, string>>;

async function backUp(bucket: Bucket, workspace: string, inputs: Inputs = {}): Promise<string> {
  const result = await world.backup(bucket, { workspace, inputs });
  expectGood(result);
  return result.outputs['version-id'] ?? '';
}

/** Lists, and reads the output array of what was listed, and the file with all of it. */
async function list(bucket: Bucket, inputs: Inputs = {}) {
  const temp = await mkdtemp(join(tmpdir(), 'list-'));
  try {
    const result = await world.run('list', bucket, { workspace: temp, temp, inputs });
    const { kind = '', file = '' } = result.outputs;
    const text = file === '' ? '' : await readFile(file, 'utf8');
    const lines = text.split('\n').filter((line) => line !== '');
    const found: readonly Record<string, unknown>[] = JSON.parse(result.outputs[kind] ?? '[]');
    return { ...result, found, all: lines.map((line) => JSON.parse(line)), left: await readdir(temp) };
  } finally {
    await rm(temp, { recursive: true });
  }
}

async function withVersions(trees: readonly Tree[], work: (bucket: Bucket, ids: string[]) => Promise<void>) {
  const bucket = await world.createBucket();
  await withTree({}, async (workspace) => {
    const ids: string[] = [];
    for (const tree of trees) {
      await rm(workspace, { recursive: true });
      await plant(workspace, { 'root/': '', ...tree });
      ids.push(await backUp(bucket, workspace));
    }
    await work(bucket, ids);
  });
}

describe('list', () => {
  it('shows the catalogue, with incomplete versions and pins, by one LIST of each', async () => {
    await withVersions([{ a: '1' }, { a: '22' }], async (bucket, ids) => {
      const claim = await bucket.json('backups/dist/claims/000002.json');
      const killed = { ...claim, id: 'dist_full_20261122T010203Z_000003', number: 3 };
      await bucket.put('backups/dist/claims/000003.json', JSON.stringify(killed));
      await bucket.put('backups/dist/pins/000001.json', 'by hand');
      const result = await list(bucket);
      const { outputs, found, all, summary, log, left } = result;
      expectGood(result);
      expect(found).toMatchObject([
        { number: 3, id: killed.id, type: 'full', state: 'incomplete', pinned: false, run: { actor: 'octocat' } },
        { number: 2, id: ids[1], type: 'incremental', state: 'complete', pinned: false },
        { number: 1, id: ids[0], type: 'full', state: 'complete', pinned: true },
      ]);
      expect(all).toEqual(found);
      // Of versions, claims and pins; the pin, and the claim without a record.
      expect(outputs).toMatchObject({ kind: 'versions', count: '3', truncated: 'false', requests: '5', entries: '' });
      expect(summary).toMatch(/\| 3 \| [^|]+ \| full \| \*\*incomplete\*\* \|/);
      expect(log).toMatch(/version 1 .* complete .* pinned$/m);
      expect(left).toHaveLength(1);
    });
  });

  it('reads runs and totals where details are asked for, and passes over a damaged record', async () => {
    await withVersions([{ a: '1' }, { a: '22', b: '333' }], async (bucket, ids) => {
      await bucket.put(`backups/dist/versions/${ids[0]}.json`, '{}');
      const { found, summary, annotations } = await list(bucket, { details: 'true' });
      expect(found).toMatchObject([
        { number: 2, run: { event: 'push', actor: 'octocat' }, totals: { files: 2, bytes: 5 } },
        { number: 1, id: ids[0], state: 'complete' },
      ]);
      expect(found[1]).not.toHaveProperty('totals');
      expect(summary).toContain('| 2 | 5 B |');
      expect(annotations).toMatchObject([{ level: 'warning', title: 'Record unreadable' }]);
    });
  });

  it('shows the entries of a version, whatever they are called', async () => {
    const tree = { 'a\n::error::x': '1', 'b|`<b>': '22', link: { linkTo: 'b' }, 'empty/': '' };
    await withVersions([tree, { other: '' }], async (bucket, ids) => {
      const { found, all, outputs, log, summary, annotations } = await list(bucket, { version: ids[0] ?? '' });
      expect(annotations).toEqual([]);
      expect(found.map(({ path, type }) => [path, type])).toEqual([
        ['a\n::error::x', 'file'],
        ['b|`<b>', 'file'],
        ['empty', 'directory'],
        ['link', 'symlink'],
        ['root', 'directory'],
      ]);
      expect(all).toEqual(found);
      expect(all).toEqual(
        expect.arrayContaining(
          (await bucket.index(`backups/dist/versions/${ids[0]}.json`)).map(expect.objectContaining),
        ),
      );
      expect(outputs).toMatchObject({ kind: 'entries', count: '5', versions: '' });
      expect(log).toContain('Version 1 has 5 entries, 3 B');
      expect(summary).toContain('<code>b&#124;&#96;&#60;b&#62;</code>');
    });
  });

  it('cuts the output of a long list off, and has all of it in the file', async () => {
    const names = Array.from({ length: 600 }, (_, index) => `${String(index).padStart(4, '0')}-${'x'.repeat(60)}`);
    await withVersions([Object.fromEntries(names.map((name) => [name, '']))], async (bucket) => {
      const { found, all, outputs, summary } = await list(bucket, { version: 'latest' });
      expect(outputs).toMatchObject({ count: '601', truncated: 'true' });
      expect(Buffer.byteLength(outputs.entries ?? '')).toBeLessThanOrEqual(100_000);
      expect(Buffer.byteLength(outputs.entries ?? '')).toBeGreaterThan(99_000);
      expect(all.map(({ path }) => path)).toEqual([...names, 'root']);
      expect(all.slice(0, found.length)).toEqual(found);
      expect(summary).toMatch(/… and \d+ more; the file in the output `file` has all\./);
    });
  });

  it('shows what differs between two versions, in both directions', async () => {
    const trees = [
      { same: '1', changed: '1', gone: '1' },
      { same: '1', changed: '22', fresh: '333' },
    ];
    await withVersions(trees, async (bucket, ids) => {
      const { found, all, outputs, summary } = await list(bucket, { diff: '1..latest' });
      expect(found.map(({ kind, path }) => `${kind} ${path}`)).toEqual([
        'changed changed',
        'added fresh',
        'removed gone',
      ]);
      expect(found[0]).toMatchObject({ before: { size: 1 }, after: { size: 2 } });
      expect(all).toEqual(found);
      expect(JSON.parse(outputs.difference ?? '')).toMatchObject({
        from: { number: 1, id: ids[0] },
        to: { number: 2, id: ids[1] },
        added: { count: 1, bytes: 3 },
        changed: { count: 1, bytes: 2 },
        removed: { count: 1, bytes: 1 },
        unchanged: { count: 2, bytes: 1 },
      });
      expect(summary).toContain('1 entry added');
      const back = await list(bucket, { diff: `${ids[1]}..${ids[0]}` });
      expect(back.found.map(({ kind, path }) => `${kind} ${path}`)).toEqual([
        'changed changed',
        'removed fresh',
        'added gone',
      ]);
    });
  });

  it('shows the series below the prefix where no name is given', async () => {
    const bucket = await world.createBucket();
    await withTree({ a: '1' }, async (workspace) => {
      const ids = [
        await backUp(bucket, workspace, { name: 'b' }),
        await backUp(bucket, workspace, { name: 'a-1' }),
        await backUp(bucket, workspace, { prefix: 'backups/deeper', name: 'other' }),
      ];
      await backUp(bucket, workspace, { prefix: '', name: 'top' });
      const second = await backUp(bucket, workspace, { name: 'b' });
      for (const key of ['backups/notes.txt', 'backups/no-series/x', 'backups/-/versions/x'])
        await bucket.put(key, 'x');
      await bucket.put('backups/claimed/claims/000001.json', '{}');
      const { found, outputs, summary } = await list(bucket, { name: '' });
      expect(found).toMatchObject([
        { name: 'a-1', versions: 1, newest: { number: 1, id: ids[1] } },
        { name: 'b', versions: 2, newest: { number: 2, id: second } },
        { name: 'claimed', versions: 0 },
      ]);
      expect(outputs).toMatchObject({ kind: 'series', count: '3' });
      expect(summary).toContain(`<code>${second}</code>`);
      expect((await list(bucket, { name: '', prefix: '' })).found).toMatchObject([{ name: 'top', versions: 1 }]);
    });
  });

  it('fails for a version that is not there, and names the nearest', async () => {
    await withVersions([{ a: '1' }], async (bucket, ids) => {
      const { exitCode, annotations } = await list(bucket, { version: '7' });
      expect(exitCode).toBe(1);
      expect(annotations).toMatchObject([{ level: 'error', message: expect.stringContaining(ids[0] ?? '') }]);
    });
  });
});
