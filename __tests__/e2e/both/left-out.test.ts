import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Bucket } from '../bucket.ts';
import { recordKeys } from '../stored.ts';
import { type Tree, withTree } from '../tree.ts';
import { startWorld, type World } from '../world.ts';

const SECRET = 'AKIA-not-for-a-bucket';

/** Six hidden paths of no secret, and seven places where credentials lie. */
const TREE: Tree = {
  'app.js': 'x',
  '.hidden': 'h',
  '.config/settings.json': '{}',
  '.config/nested/more.json': '{}',
  'sub/.cache/entry': 'c',
  'sub/visible.txt': 'v',
  '.git/config': SECRET,
  '.env': SECRET,
  'sub/.env.local': SECRET,
  'sub/.aws/credentials': SECRET,
  '.ssh/id_ed25519': SECRET,
  '.npmrc': SECRET,
  'sub/.netrc': SECRET,
  'gha-creds-0123456789abcdef.json': SECRET,
};

const CREDENTIALS = ['.env', '.git', '.npmrc', '.ssh', 'gha-creds-0123456789abcdef.json'];
const CREDENTIALS_BELOW = ['sub/.aws', 'sub/.env.local', 'sub/.netrc'];

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

/** Paths of the files that are stored, by the index: equal files share an object. */
async function storedFiles(bucket: Bucket): Promise<string[]> {
  const indexes = await Promise.all((await recordKeys(bucket)).map((key) => bucket.index(key)));
  return indexes.flat().flatMap(({ path, type }) => (type === 'file' ? [path] : []));
}

async function expectNoSecret(bucket: Bucket): Promise<void> {
  for (const key of await bucket.keys()) expect((await bucket.read(key)).includes(SECRET)).toBe(false);
}

describe('hidden files and credentials', () => {
  it('stay out by default; the log and the summary count and name them', async () => {
    const bucket = await world.createBucket();
    await withTree(TREE, async (workspace) => {
      const { exitCode, log, summary } = await world.backup(bucket, { workspace });
      expect(exitCode).toBe(0);
      expect(await storedFiles(bucket)).toEqual(['app.js', 'sub/visible.txt']);
      await expectNoSecret(bucket);
      expect(log).toContain('Left out 3 hidden paths (set `include-hidden-files: true` to include them)');
      expect(log).toContain('Left out 8 credential paths (name one literally in `path` to include it)');
      for (const path of ['.config', '.hidden', 'sub/.cache', ...CREDENTIALS, ...CREDENTIALS_BELOW]) {
        expect(log.split('\n')).toContainEqual(expect.stringMatching(new RegExp(`^ +${RegExp.escape(path)}$`)));
        expect(summary).toContain(`<code>${path}</code>`);
      }
      expect(summary).toContain('3 hidden, 8 with credentials');
    });
  });

  it('are told apart: include-hidden-files takes the hidden ones and never a credential', async () => {
    const bucket = await world.createBucket();
    await withTree(TREE, async (workspace) => {
      const inputs = { 'include-hidden-files': 'true' };
      const { exitCode, log } = await world.backup(bucket, { workspace, inputs });
      expect(exitCode).toBe(0);
      expect(await storedFiles(bucket)).toEqual([
        '.config/nested/more.json',
        '.config/settings.json',
        '.hidden',
        'app.js',
        'sub/.cache/entry',
        'sub/visible.txt',
      ]);
      await expectNoSecret(bucket);
      expect(log).not.toContain('hidden path');
      expect(log).toContain('Left out 8 credential paths');
    });
  });

  it('are taken where a pattern names them literally, and nothing else is', async () => {
    const bucket = await world.createBucket();
    await withTree(TREE, async (workspace) => {
      const path = '*.js\n.config/*.json\n.npmrc\nsub/.aws/credentials';
      const { exitCode } = await world.backup(bucket, { workspace, inputs: { path } });
      expect(exitCode).toBe(0);
      expect(await storedFiles(bucket)).toEqual(['.config/settings.json', '.npmrc', 'app.js', 'sub/.aws/credentials']);
      expect(await bucket.read(await keyOf(bucket, '.npmrc'))).toEqual(Buffer.from(SECRET));
    });
  });

  it('make no version where nothing else matches', async () => {
    const bucket = await world.createBucket();
    await withTree({ '.env': SECRET, '.git/HEAD': 'ref' }, async (workspace) => {
      const { exitCode, log } = await world.backup(bucket, { workspace, inputs: { 'include-hidden-files': 'true' } });
      expect(exitCode).toBe(1);
      expect(log).toContain('Left out 2 credential paths');
      expect(await bucket.keys()).toEqual([]);
    });
  });
});

async function keyOf(bucket: Bucket, path: string): Promise<string> {
  const key = (await bucket.keys()).find((candidate) => candidate.endsWith(`/files/${path}`));
  if (key === undefined) throw new Error(`${path} is not stored`);
  return key;
}
