import { randomBytes } from 'node:crypto';
import { chmod, lutimes, mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { StepResult } from '../../../dev/runner/index.ts';
import type { Bucket } from '../bucket.ts';
import { snapshot } from '../compare-trees.ts';
import { complaints } from '../complaints.ts';
import { plant, type Tree, withTree } from '../tree.ts';
import { startWorld, type World, withWorkspace } from '../world.ts';

const MIB = 2 ** 20;
const TIMEOUT_MS = 300_000;

const FIXTURE = join(import.meta.dirname, '../../fixtures/nasty-names.json');
const names: readonly { readonly name: string }[] = JSON.parse(await readFile(FIXTURE, 'utf8'));

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

type Inputs = Readonly<Record<string, string>>;

async function backUp(bucket: Bucket, workspace: string, inputs: Inputs = {}, call: object = {}): Promise<StepResult> {
  const result = await world.backup(bucket, { workspace, inputs, ...call });
  expect({ exitCode: result.exitCode, complaints: complaints(result) }).toEqual({ exitCode: 0, complaints: [] });
  return result;
}

const restore = (bucket: Bucket, workspace: string, inputs: Inputs = {}) =>
  world.run('restore', bucket, { workspace, inputs });

/** Stores the trees as versions 1, 2, 3 …, each of a run of its own. */
async function withVersions(trees: readonly Tree[], work: (bucket: Bucket, steps: StepResult[]) => Promise<void>) {
  const bucket = await world.createBucket();
  const steps: StepResult[] = [];
  for (const [index, tree] of trees.entries()) {
    await withTree(tree, async (workspace) => {
      const sha = String(index + 1)
        .padStart(2, '0')
        .repeat(20);
      steps.push(await backUp(bucket, workspace, {}, { sha, runId: String(7000 + index) }));
    });
  }
  await work(bucket, steps);
}

describe('a version comes back', () => {
  it('equal in bytes, modes, times, links and empty directories, into a directory of its own', async () => {
    const bucket = await world.createBucket();
    const tree: Tree = {
      empty: '',
      'one.bin': randomBytes(5 * MIB - 1),
      'two.bin': randomBytes(5 * MIB),
      'three.bin': randomBytes(5 * MIB + 1),
      'ranges.bin': randomBytes(20 * MIB + 7),
      'bin/run': '#!/bin/sh\n',
      'bin/link': { linkTo: '../one.bin' },
      dangling: { linkTo: 'nowhere' },
      'deep/er/and/deeper/': '',
    };
    await withTree(tree, async (source) => {
      await chmod(join(source, 'bin/run'), 0o755);
      await chmod(join(source, 'empty'), 0o400);
      await chmod(join(source, 'deep/er/and/deeper'), 0o700);
      await utimes(join(source, 'bin/run'), 1, 981_173_106.789123);
      await lutimes(join(source, 'dangling'), 1, 12_345.5);
      await utimes(join(source, 'deep/er/and/deeper'), 1, 1_000_000);
      const { outputs: stored } = await backUp(bucket, source);
      const expected = await snapshot(source);
      await withWorkspace(async (workspace) => {
        const result = await restore(bucket, workspace);
        expect(result).toMatchObject({ exitCode: 0, annotations: [] });
        const { target = '', ...outputs } = result.outputs;
        expect(await readdir(workspace)).toEqual([target.slice(workspace.length + 1)]);
        expect(await snapshot(target)).toEqual(expected);
        expect(outputs).toEqual({
          found: 'true',
          version: '1',
          'version-id': stored['version-id'],
          files: '6',
          bytes: stored.bytes,
          requests: expect.stringMatching(/^\d+$/),
          'duration-ms': expect.stringMatching(/^\d+$/),
        });
        expect(result.log).toContain(`Version 1 of dist restored into ${target}: 6 files`);
        expect(result.summary).toContain('### Restore dist version 1');
        expect(result.summary).toContain('Every byte was checked');
      });
    });
  });

  (process.platform === 'linux' ? it : it.skip).each(['auto', 'archive'])(
    'whatever its files are called; layout %s',
    async (layout) => {
      const bucket = await world.createBucket();
      const tree = Object.fromEntries(names.map(({ name }, index) => [name, `${index}: ${name}`]));
      await withTree(tree, async (source) => {
        const { summary } = await backUp(bucket, source, { layout });
        expect(summary.includes(`${names.length} files in 1 pack`)).toBe(layout === 'archive');
        const expected = await snapshot(source);
        await withWorkspace(async (workspace) => {
          const result = await restore(bucket, workspace);
          expect(result).toMatchObject({ exitCode: 0, annotations: [], outputs: { files: String(names.length) } });
          expect(await snapshot(result.outputs.target ?? '')).toEqual(expected);
        });
      });
    },
  );

  it('from another repository and prefix', async () => {
    const bucket = await world.createBucket();
    const place = { prefix: 'team/other', name: 'site' };
    await withTree({ a: 'theirs' }, (source) => backUp(bucket, source, place).then(() => undefined));
    await withWorkspace(async (workspace) => {
      const result = await restore(bucket, workspace, { ...place, target: 'here' });
      expect(result).toMatchObject({ exitCode: 0, outputs: { target: join(workspace, 'here') } });
      expect(await readFile(join(workspace, 'here/a'), 'utf8')).toBe('theirs');
    });
  });
});

describe('the input version', () => {
  it(
    'finds each version by number, ID, commit, run and time, and says what is nearest if there is none',
    async () => {
      await withVersions([{ a: '1' }, { a: '2' }, { a: '3' }], async (bucket, steps) => {
        const [first] = steps;
        const times = steps.map(async ({ outputs }) => String((await bucket.json(outputs['record-key'] ?? '')).time));
        const [, time = ''] = await Promise.all(times);
        // Two runs within one second have the same time.
        const atOrBefore = String((await Promise.all(times)).filter((other) => other <= time).length);
        const asked: readonly [string, string][] = [
          ['latest', '3'],
          ['2', '2'],
          [first?.outputs['version-id'] ?? '', '1'],
          ['0202020', '2'],
          ['01'.repeat(20), '1'],
          ['run:7001', '2'],
          [time, atOrBefore],
          ['2999-01-01', '3'],
        ];
        await withWorkspace(async (workspace) => {
          for (const [version, content] of asked) {
            const { outputs } = await restore(bucket, workspace, { version });
            expect([version, outputs.version]).toEqual([version, content]);
            expect(await readFile(join(outputs.target ?? '', 'a'), 'utf8')).toBe(content);
          }
          const before = await readdir(workspace);
          for (const version of ['4', 'run:1', 'abcdef0', '2001-01-01T00:00Z']) {
            const missing = await restore(bucket, workspace, { version });
            expect(missing).toMatchObject({ exitCode: 1, outputs: {} });
            expect(missing.annotations[0]?.message).toContain(`The version "${version}" was not found`);
            expect(missing.annotations[0]?.message).toContain(first?.outputs['version-id']);
          }
          const ignored = await restore(bucket, workspace, { version: '4', 'on-not-found': 'ignore' });
          expect(ignored).toMatchObject({
            exitCode: 0,
            annotations: [],
            outputs: { found: 'false', version: '', target: '' },
          });
          const nonsense = await restore(bucket, workspace, { version: 'newest' });
          expect(nonsense.annotations[0]?.message).toMatch(/^The input `version` is "newest", but it must be `latest`/);
          expect(await readdir(workspace)).toEqual(before);
        });
      });
    },
    TIMEOUT_MS,
  );
});

describe('a target with files in it', () => {
  it('stays as it is where something differs, until told otherwise', async () => {
    await withVersions([{ 'in/a': 'new', 'in/b': 'same', 'in/c': 'missing' }], async (bucket) => {
      await withTree({ 't/a': 'old', 't/b': 'same', 't/mine': 'mine' }, async (workspace) => {
        const inputs = { target: 't', 'strip-components': '1' };
        const before = await snapshot(workspace);
        const refused = await restore(bucket, workspace, inputs);
        expect(refused.exitCode).toBe(1);
        expect(refused.annotations[0]?.message).toMatch(
          /has other content or modes already for "a". Nothing was written/,
        );
        expect(await snapshot(workspace)).toEqual(before);

        const changed = await restore(bucket, workspace, { ...inputs, overwrite: 'changed' });
        expect(changed).toMatchObject({ exitCode: 0, outputs: { files: '3', bytes: '14' } });
        const contents = ['a', 'b', 'c', 'mine'].map((name) => readFile(join(workspace, 't', name), 'utf8'));
        expect(await Promise.all(contents)).toEqual(['new', 'same', 'missing', 'mine']);

        const again = await restore(bucket, workspace, inputs);
        expect(again).toMatchObject({ exitCode: 0, outputs: { files: '3' } });
        expect(again.log).toContain('3 entries were there already, the same, and stayed untouched');
      });
    });
  });

  it("cannot be used to change what the job runs or what the runner's files say", async () => {
    const bucket = await world.createBucket();
    await withTree({ '.git/hooks/pre-commit': '#!/bin/sh\nevil\n' }, (source) =>
      backUp(bucket, source, { path: '.git/hooks/pre-commit' }).then(() => undefined),
    );
    await withWorkspace(async (workspace) => {
      await mkdir(join(workspace, '.git/hooks'), { recursive: true });
      await writeFile(join(workspace, '.git/hooks/pre-commit'), 'mine');
      const before = await snapshot(workspace);
      const refused = await restore(bucket, workspace, { target: '.', overwrite: 'always' });
      expect(refused.exitCode).toBe(1);
      expect(refused.annotations[0]?.message).toContain('`.git/hooks` decides what later commands run');
      expect(await snapshot(workspace)).toEqual(before);
      const meant = { target: '.git', 'strip-components': '1', overwrite: 'always' };
      expect(await restore(bucket, workspace, meant)).toMatchObject({ exitCode: 0 });
      expect(await readFile(join(workspace, '.git/hooks/pre-commit'), 'utf8')).toContain('evil');
    });
  });
});

describe('a series of 30 versions', () => {
  it(
    'gives back every one of them',
    async () => {
      const bucket = await world.createBucket();
      const trees: Awaited<ReturnType<typeof snapshot>>[] = [];
      await withWorkspace(async (source) => {
        for (let number = 1; number <= 30; number++) {
          await plant(source, { counter: String(number), [`added-in-${number}`]: 'x'.repeat(number) });
          await backUp(bucket, source);
          trees.push(await snapshot(source));
        }
      });
      await withWorkspace(async (workspace) => {
        for (let number = 1; number <= 30; number++) {
          const target = `v${number}`;
          const result = await restore(bucket, workspace, { version: String(number), target });
          expect(result).toMatchObject({ exitCode: 0, outputs: { files: String(number + 1) } });
          expect(await snapshot(join(workspace, target))).toEqual(trees[number - 1]);
        }
      });
    },
    TIMEOUT_MS,
  );
});
