import { execFile, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import {
  chmod,
  copyFile,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Bucket } from '../e2e/bucket.ts';
import { REGION, startWorld, type World, withWorkspace } from '../e2e/world.ts';
import { blocksOf, readPage } from './markdown.ts';

const run = promisify(execFile);

/** Debian's `awscli`, which the page is for, rather than what a version manager has put before it. */
const DEBIAN_AWS = '/usr/bin/aws';
const AWS = existsSync(DEBIAN_AWS) ? DEBIAN_AWS : 'aws';

/** The commands are for GNU tools, so this runs where those are: on Linux. */
const TOOLS = [AWS, 'zstd', 'jq', 'tar', 'sha256sum', 'touch'];
const missing = TOOLS.filter((tool) => spawnSync('sh', ['-c', `command -v ${tool}`]).status !== 0);
const isCi = process.env.CI === 'true';

if (process.platform === 'linux') {
  it('has the tools that the page names, or says that it is not tested', () => {
    // Elsewhere a machine may lack them; where changes are judged nothing is left out in silence.
    if (isCi) expect(missing).toEqual([]);
  });
}

const describeWithTools = process.platform === 'linux' && missing.length === 0 ? describe : describe.skip;

/** The page's commands, with the series and the version of the test in place of those of the example. */
async function commands(series: string, id: string): Promise<string> {
  const script = blocksOf(await readPage('docs/restore-without-this-tool.md')).map(({ text }) => text);
  expect(script.length).toBeGreaterThan(3);
  return script
    .join('')
    .replace(/^SERIES=.*$/m, `SERIES=${series}`)
    .replace(/^ID=.*$/m, `ID=${id}`);
}

/** With the rest of its key longer than S3 allows. */
const LONG = ['dist', ...Array.from({ length: 6 }, (_, i) => String(i).repeat(170))].join('/');

async function project(directory: string): Promise<void> {
  await mkdir(join(directory, 'dist/sub/deep'), { recursive: true });
  await mkdir(join(directory, 'dist/empty'));
  await writeFile(join(directory, 'dist/app.js'), 'one\n');
  await writeFile(join(directory, 'dist/sub/run.sh'), '#!/bin/sh\n');
  await writeFile(join(directory, 'dist/zero'), '');
  for (const name of ["it's $(id)", '-rf', 'new\nline', 'back\\slash', 'ü 😀 %20+', 'cr\rhere']) {
    await writeFile(join(directory, 'dist', name), name);
  }
  await mkdir(join(directory, LONG), { recursive: true });
  await writeFile(join(directory, LONG, 'end'), 'far away');
  await symlink('../app.js', join(directory, 'dist/sub/deep/link'));
  await chmod(join(directory, 'dist/sub/run.sh'), 0o750);
  await chmod(join(directory, 'dist/empty'), 0o700);
  await utimes(join(directory, 'dist/app.js'), 1.5, 981_173_106.789);
  await utimes(join(directory, 'dist/empty'), 1.5, 1_115_269_505.25);
}

/** Something new, changed, moved, copied and gone; the rest, the large file among it, is as it was. */
async function edit(directory: string): Promise<void> {
  const at = (name: string) => join(directory, 'dist', name);
  await writeFile(at('new'), 'new\n');
  await writeFile(at('sub/run.sh'), '#!/bin/bash\n');
  await rename(at("it's $(id)"), at('moved $(id)'));
  await copyFile(at('-rf'), at('copy'));
  await rm(at('cr\rhere'));
}

/** What an entry keeps of everything below a directory. */
async function contentsOf(directory: string): Promise<Record<string, unknown>> {
  const paths = (await readdir(directory, { recursive: true })).sort();
  return Object.fromEntries(await Promise.all(paths.map(async (path) => [path, await factsOf(join(directory, path))])));
}

async function factsOf(path: string): Promise<unknown> {
  const stats = await lstat(path, { bigint: true });
  const common = { mode: Number(stats.mode & 0o7777n).toString(8), mtime: stats.mtimeNs };
  if (stats.isSymbolicLink()) return { target: await readlink(path), mtime: stats.mtimeNs };
  if (stats.isFile()) return { ...common, bytes: await readFile(path, 'utf8') };
  // Only an empty directory is an entry; others come back by what is in them.
  return (await readdir(path)).length === 0 ? common : 'directory';
}

/** Runs a script for a shell in which `aws` reaches the world's store, as its owner. */
async function runInShell(script: string, directory: string, { endpoint, owner }: World): Promise<string> {
  const aws = `aws() { command ${AWS} --endpoint-url ${endpoint} --region ${REGION} "$@"; }`;
  const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', `${aws}\n${script}`], {
    cwd: directory,
    env: {
      PATH: process.env.PATH,
      HOME: directory,
      LANG: 'C.UTF-8',
      AWS_ACCESS_KEY_ID: owner.accessKeyId,
      AWS_SECRET_ACCESS_KEY: owner.secretAccessKey,
    },
  });
  return stdout;
}

describeWithTools('getting files back', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.close());

  it('works with the commands of the page: content, permissions, times, links, empty directories', async () => {
    const bucket = await world.createBucket();
    await withWorkspace(async (workspace) => {
      await project(workspace);
      const { outputs } = await world.backup(bucket, { workspace, inputs: { path: 'dist' } });
      await expectRestorable(bucket, outputs['version-id'] ?? '', workspace);
    });
  });

  it.each(['auto', 'archive'])(
    'works for an incremental version whose older parts are of versions that are pruned; layout %s',
    async (layout) => {
      const bucket = await world.createBucket();
      await withWorkspace(async (workspace) => {
        await project(workspace);
        await writeFile(join(workspace, 'dist/build.log'), 'the same line\n'.repeat(200_000));
        const inputs = { path: 'dist', layout, incremental: 'auto' };
        const first = await world.backup(bucket, { workspace, inputs });
        await edit(workspace);
        const { outputs } = await world.backup(bucket, { workspace, inputs: { ...inputs, 'keep-last': '1' } });
        const id = outputs['version-id'] ?? '';
        expect(JSON.parse(outputs.pruned ?? '')).toEqual([first.outputs['version-id']]);
        const record = `backups/dist/versions/${id}.json`;
        expect(await bucket.keys('backups/dist/versions/')).toEqual([record]);
        expect(await bucket.json(record)).toMatchObject({ leansOn: [first.outputs['version-id']] });
        await expectRestorable(bucket, id, workspace);
      });
    },
  );

  /** Runs the page's commands for a version and compares what they make with what was backed up. */
  async function expectRestorable(bucket: Bucket, id: string, workspace: string): Promise<void> {
    const script = await commands(`s3://${bucket.name}/backups/dist`, id);
    await withWorkspace(async (target) => {
      const shown = await runInShell(script, target, world);
      expect(shown).toContain('index.ndjson.zst: OK');
      expect(shown).toContain('app.js: OK');
      expect(await contentsOf(join(target, 'restored'))).toEqual(await contentsOf(workspace));
    });
  }
});
