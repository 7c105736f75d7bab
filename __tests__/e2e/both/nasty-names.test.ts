import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { StepResult } from '../../../dev/runner/index.ts';
import { complaints } from '../complaints.ts';
import { plant, type Tree, withTree } from '../tree.ts';
import { startWorld, type World, withWorkspace } from '../world.ts';

/** File systems of Windows and macOS refuse many of the names, or take two for the same. */
const onLinux = process.platform === 'linux' ? describe : describe.skip;

const FIXTURE = join(import.meta.dirname, '../../fixtures/nasty-names.json');
const names: readonly { readonly name: string }[] = JSON.parse(await readFile(FIXTURE, 'utf8'));

/** S3 takes keys of 1,024 bytes: what `<series>/data/<ID>/files/` leaves of them. Longer paths go by their digest. */
const LONGEST_PATH_BYTES = 1024 - 'd/data/d_full_20260102T030405Z_000001/files/'.length;

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

/** Every name as that of a file, with a content of its own; and as the target of a link. */
function nastyTree(salt: string): Tree {
  return Object.fromEntries(names.map(({ name }, index) => [name, `${salt} ${index}: ${name}`]));
}

/** Whatever the names say: no annotation, no output and no state of theirs, and a page whose tables and blocks are whole. */
function expectNothingInjected(result: StepResult): void {
  const { outputs, state, groups, summary, log } = result;
  // What the post phase is told; anything else would come from a name.
  const { claimed = '', committing = '', committed = '', ended = 'true', ...injected } = state;
  expect({ complaints: complaints(result), injected }).toEqual({ complaints: [], injected: {} });
  for (const id of [claimed, committing, committed]) expect(id).toMatch(/^(dist_\w+)?$/);
  expect(ended).toBe('true');
  expect(outputs.version).not.toBe('99');
  expect(groups).toEqual(groups.filter((group) => /^[A-Z][a-z ]+(\d+)?$/.test(group)));
  expect(log).not.toMatch(/[[\p{Cc}\p{Bidi_Control}\u2028]--[\n]]/v);
  expectWellFormed(summary);
}

function expectWellFormed(page: string): void {
  const tables = page.split('\n\n').filter((block) => block.startsWith('|'));
  for (const table of tables) {
    const widths = new Set(table.split('\n').map((row) => row.split('|').length));
    expect({ table, widths: [...widths] }).toEqual({ table, widths: [expect.any(Number)] });
  }
  expect(page.split('\n').filter((line) => line.startsWith('```')).length % 2).toBe(0);
  expect(page.match(/<details>/g)?.length).toBe(page.match(/<\/details>/g)?.length);
  expect(page).not.toMatch(/<script|<!-- x|\]\(javascript/);
}

onLinux('nasty names', () => {
  it('come back byte by byte, by key and by index, and harm neither log nor summary', async () => {
    const bucket = await world.createBucket();
    await withTree(nastyTree('first'), async (workspace) => {
      const result = await world.backup(bucket, { workspace });
      expect(result).toMatchObject({ exitCode: 0, outputs: { version: '1', files: String(names.length) } });
      expectNothingInjected(result);
      const files = `data/${result.outputs['version-id']}/files/`;
      const lines = await bucket.index(result.outputs['record-key'] ?? '');
      const sorted = names.map(({ name }) => name).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      expect(lines.map(({ path }) => path)).toEqual(sorted);
      expect(await bucket.keys(`backups/dist/${files}`)).toEqual(sorted.map((name) => `backups/dist/${files}${name}`));
      for (const { path, key } of lines) {
        expect(key).toBe(`${files}${path}`);
        const text = (await bucket.read(`backups/dist/${key}`)).toString();
        expect(text).toBe(`first ${names.findIndex(({ name }) => name === path)}: ${path}`);
      }

      await plant(workspace, nastyTree('second'));
      const dryRun = await world.backup(bucket, { workspace, inputs: { 'dry-run': 'true' } });
      expectNothingInjected(dryRun);
      expect(dryRun.log.match(/would upload/g)).toHaveLength(names.length);
      const second = await world.backup(bucket, { workspace, inputs: { 'keep-last': '1' } });
      expect(second.log).toContain(`${names.length} changed`);
      expectNothingInjected(second);
      expect((await bucket.keys()).filter((key) => key.includes(result.outputs['version-id'] ?? ''))).toEqual([]);
    });
  });

  it('harm nothing where what bears them is left out, or refused', async () => {
    const bucket = await world.createBucket();
    const leftOut = { '::error::dir/.hidden': '', '##[error]dir/.npmrc': '', '.x\n::set-output name=version::99': '' };
    await withTree({ ...leftOut, file: '' }, async (workspace) => {
      const result = await world.backup(bucket, { workspace });
      expect(result).toMatchObject({ exitCode: 0, outputs: { version: '1', files: '1' } });
      expect(result.log).toContain('Left out 2 hidden paths');
      expectNothingInjected(result);
      const refused = await world.backup(bucket, { workspace, inputs: { path: '::error::no-such\n##[warning]none' } });
      expect(refused.annotations).toMatchObject([{ level: 'error', message: expect.stringContaining('no-such') }]);
    });
  });

  it('stay as they are as targets of links', async () => {
    const bucket = await world.createBucket();
    const links = Object.fromEntries(names.map(({ name }, index) => [`link-${index}`, { linkTo: name }]));
    await withTree(links, async (workspace) => {
      const { exitCode, outputs } = await world.backup(bucket, { workspace });
      expect(exitCode).toBe(0);
      const lines = await bucket.index(outputs['record-key'] ?? '');
      const targets = Object.fromEntries(lines.map(({ path, target }) => [path, target]));
      expect(targets).toEqual(Object.fromEntries(names.map(({ name }, index) => [`link-${index}`, name])));
    });
  });
});

/** A path of exactly so many bytes, in segments that file systems take. */
function pathOf(bytes: number): string {
  return `${'d'.repeat(200)}/`
    .repeat(Math.floor(bytes / 201))
    .concat('f'.repeat(bytes % 201))
    .slice(0, bytes);
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

onLinux('a path', () => {
  const inputs = { prefix: '', name: 'd' };

  it.each([LONGEST_PATH_BYTES, LONGEST_PATH_BYTES + 1, 1000, 2500])('may have %i bytes', async (length) => {
    const bucket = await world.createBucket();
    const path = pathOf(length);
    await withTree({ [path]: 'deep down' }, async (workspace) => {
      const { exitCode, outputs } = await world.backup(bucket, { workspace, inputs });
      expect(exitCode).toBe(0);
      const [line] = await bucket.index(outputs['record-key'] ?? '');
      expect(line?.path).toBe(path);
      const name = length > LONGEST_PATH_BYTES ? `long/${sha256(path)}` : `files/${path}`;
      expect(line?.key).toBe(`data/${outputs['version-id']}/${name}`);
      expect((await bucket.read(`d/${line?.key}`)).toString()).toBe('deep down');
    });
  });

  it('that is not UTF-8 is refused by name, before anything is written', async () => {
    const bucket = await world.createBucket();
    await withWorkspace(async (workspace) => {
      await mkdir(join(workspace, 'sub'));
      await writeFile(join(workspace, 'fine'), '');
      await writeFile(Buffer.concat([Buffer.from(`${workspace}/sub/caf`), Buffer.from([0xe9])]), '');
      const result = await world.backup(bucket, { workspace });
      expect(result.exitCode).toBe(1);
      expect(result.annotations).toEqual([
        {
          level: 'error',
          title: '',
          message: expect.stringMatching(/"sub\/caf\\xe9".*its name is not valid Unicode.*rename it, or exclude it/),
        },
      ]);
      expect(await bucket.keys()).toEqual([]);
    });
  });
});
