import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { StepResult } from '../../../dev/runner/index.ts';
import { count } from '../../faults/ledger.ts';
import type { Bucket } from '../bucket.ts';
import { expectNoVersion, expectRestorable } from '../stored.ts';
import { withTree } from '../tree.ts';
import { type EmbeddedWorld, startEmbeddedWorld, withWorkspace } from '../world.ts';

/** In the process of the step: changes the tree as soon as its top has been listed, and nothing below it. */
const CHANGE_WHEN_LISTED = `
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
const { ROOT, REMOVED, MADE } = process.env;
const { readdir, rm, mkdir, writeFile } = fs.promises;
let isDone = false;
fs.promises.readdir = async (path, ...options) => {
  const items = await readdir(path, ...options);
  if (isDone || path !== ROOT) return items;
  isDone = true;
  for (const name of JSON.parse(REMOVED)) await rm(ROOT + '/' + name, { recursive: true });
  for (const name of JSON.parse(MADE)) {
    await mkdir(ROOT + '/' + name);
    await writeFile(ROOT + '/' + name + '/file', name);
  }
  return items;
};
syncBuiltinESMExports();
`;

const TREE = { 'a/file': 'first', 'b/file': 'second' };

let world: EmbeddedWorld;
beforeAll(async () => {
  world = await startEmbeddedWorld();
});
afterAll(() => world.close());

interface Changed {
  readonly result: StepResult;
  readonly bucket: Bucket;
  readonly workspace: string;
}

/** Backs up a tree whose directories come and go between the listing of its top and that of what is below. */
async function backUp(
  change: { readonly removed?: readonly string[]; readonly made?: readonly string[] },
  inputs: Readonly<Record<string, string>>,
  look: (changed: Changed) => Promise<void>,
): Promise<void> {
  const bucket = await world.createBucket();
  await withWorkspace(async (directory) => {
    const hook = join(directory, 'hook.mjs');
    await writeFile(hook, CHANGE_WHEN_LISTED);
    await withTree(TREE, async (workspace) => {
      const env = {
        NODE_OPTIONS: `--import ${pathToFileURL(hook)}`,
        ROOT: workspace,
        REMOVED: JSON.stringify(change.removed ?? []),
        MADE: JSON.stringify(change.made ?? []),
      };
      await look({ result: await world.backup(bucket, { workspace, inputs, env }), bucket, workspace });
    });
  });
}

async function pathsIn(bucket: Bucket, { outputs }: StepResult): Promise<string[]> {
  const record = outputs['record-key'] ?? '';
  await expectRestorable(bucket, record);
  return (await bucket.index(record)).map(({ path }) => path);
}

describe('a directory', () => {
  it('that appears while others are read is part of this version where it is come by, and else of the next', async () => {
    await backUp({ made: ['b/new', 'c'] }, {}, async ({ result, bucket, workspace }) => {
      expect(result).toMatchObject({ exitCode: 0, annotations: [] });
      expect(await pathsIn(bucket, result)).toEqual(['a/file', 'b/file', 'b/new/file']);
      const next = await world.backup(bucket, { workspace });
      expect(await pathsIn(bucket, next)).toEqual(['a/file', 'b/file', 'b/new/file', 'c/file']);
    });
    count('a directory that appears while others are read', 1);
  });

  it('that vanishes while others are read fails the step by name', async () => {
    await backUp({ removed: ['b'] }, {}, async ({ result, bucket }) => {
      expect(result).toMatchObject({ exitCode: 1, outputs: {} });
      expect(result.annotations).toEqual([
        { level: 'error', title: '', message: '1 selected path vanished before being read: "b".' },
      ]);
      await expectNoVersion(bucket);
    });
    count('a directory that vanishes while others are read', 1);
  });

  it('that vanishes is left out with warn, and one annotation says so', async () => {
    await backUp({ removed: ['b'] }, { 'if-file-changed': 'warn' }, async ({ result, bucket }) => {
      expect(result).toMatchObject({ exitCode: 0 });
      expect(result.annotations).toEqual([
        { level: 'warning', title: 'File vanished', message: expect.stringMatching(/Seen with: b\.$/) },
      ]);
      expect(await pathsIn(bucket, result)).toEqual(['a/file']);
    });
    count('a directory that vanishes while others are read, with if-file-changed: warn', 1);
  });
});
