import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { count } from '../../faults/ledger.ts';
import { nodeAt, snapshot } from '../compare-trees.ts';
import { withTree } from '../tree.ts';
import { type EmbeddedWorld, startEmbeddedWorld, withWorkspace } from '../world.ts';

/** Runs Node.js where the target is a disk of 2 MiB, and lists which files are on it in the end. No shell: it would lose inputs. */
const SMALL_DISK = `#!/usr/bin/env -S unshare -rm ${process.execPath}
const { spawnSync } = require('node:child_process');
const { readdirSync, readFileSync, writeFileSync } = require('node:fs');
const { createHash } = require('node:crypto');
const { TARGET, LISTING } = process.env;
if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', TARGET]).status !== 0) process.exit(99);
process.chdir(process.env.GITHUB_WORKSPACE);
const { status } = spawnSync(process.execPath, process.argv.slice(2), { stdio: 'inherit' });
const digest = (name) => createHash('sha256').update(readFileSync(TARGET + '/' + name)).digest('hex');
writeFileSync(LISTING, JSON.stringify(Object.fromEntries(readdirSync(TARGET).map((name) => [name, digest(name)]))));
process.exit(status);
`;

const NO_DISKS =
  'A disk that is full cannot be tested: this machine refuses `unshare -rm` with a tmpfs; allow user namespaces ' +
  '(on Ubuntu: sysctl -w kernel.apparmor_restrict_unprivileged_userns=0).';

/** A disk can be made small on Linux, where users may have namespaces of their own. */
const hasDisks = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;
const { CI, WITHOUT_FULL_DISK } = process.env;
/** Nothing is left out in silence where changes are judged: `.ci/run` says so when it does. */
const isNeeded = CI === 'true' && WITHOUT_FULL_DISK === undefined;

if (process.platform === 'linux') {
  it('may make a small disk, or says that it is not tested', () => {
    if (isNeeded && !hasDisks) throw new Error(NO_DISKS);
  });
}

const itWithDisks = hasDisks ? it : it.skip;

let world: EmbeddedWorld;
beforeAll(async () => {
  world = await startEmbeddedWorld();
});
afterAll(() => world.close());

const MIB = 2 ** 20;
const parts = Object.fromEntries(Array.from({ length: 8 }, (_, n) => [`part-${n}.bin`, randomBytes(MIB / 2)]));

describe('a disk that is full', () => {
  itWithDisks.each([
    { what: 'a large object', tree: { 'a.txt': 'small', 'large.bin': randomBytes(5 * MIB) }, layout: 'files' },
    { what: 'many files out of a pack', tree: parts, layout: 'archive' },
  ])('ends a restore of $what with one error, and leaves whole files only', async ({ what, tree, layout }) => {
    const bucket = await world.createBucket();
    await withTree(tree, async (source) => {
      expect(await world.backup(bucket, { workspace: source, inputs: { layout } })).toMatchObject({ exitCode: 0 });
      await withWorkspace(async (workspace) => {
        const node = join(workspace, 'node.cjs');
        const target = join(workspace, 'target');
        const listing = join(workspace, 'listing');
        await writeFile(node, SMALL_DISK, { mode: 0o755 });
        await mkdir(target);
        const env = { TARGET: target, LISTING: listing };
        const full = await world.run('restore', bucket, { workspace, node, env, inputs: { target } });
        expect(full).toMatchObject({ exitCode: 1 });
        expect(full.annotations).toEqual([
          { level: 'error', title: '', message: expect.stringMatching(/\(ENOSPC\): give the target enough space/) },
          { level: 'warning', title: 'Restore incomplete', message: expect.stringContaining('nothing half-written') },
        ]);
        const left: Record<string, string> = JSON.parse(await readFile(listing, 'utf8'));
        for (const [name, content] of Object.entries(left)) {
          expect(await nodeAt(join(source, name))).toMatchObject({ content });
        }
        expect(await world.run('restore', bucket, { workspace, inputs: { target } })).toMatchObject({ exitCode: 0 });
        expect(await snapshot(target)).toEqual(await snapshot(source));
      });
    });
    count(`a disk that is full in a restore of ${what}`, 1);
  });
});
