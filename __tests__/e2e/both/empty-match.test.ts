import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { withTree } from '../tree.ts';
import { startWorld, type World } from '../world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

/** Nothing of this is below `build`. */
const TREE = { 'dist/app.js': 'x' };

describe('patterns that match nothing', () => {
  it.each([
    { case: 'by default', inputs: {} },
    { case: 'with error', inputs: { 'if-no-files-found': 'error' } },
    { case: 'in a dry run', inputs: { 'dry-run': 'true' } },
  ])('fail the step $case', async ({ inputs }) => {
    const bucket = await world.createBucket();
    await withTree(TREE, async (workspace) => {
      const path = 'build/**\n!build/**/*.map';
      const result = await world.backup(bucket, { workspace, inputs: { path, ...inputs } });
      expect(result).toMatchObject({
        exitCode: 1,
        outputs: {},
        summary: expect.stringMatching(/^### Backup failed\n\n./),
      });
      expect(result.annotations).toEqual([
        {
          level: 'error',
          title: '',
          message: expect.stringMatching(
            /^[^\n]*input path "build\/\*\* \| !build\/\*\*\/\*\.map"[^\n]*at least one is required: [^\n]*if-no-files-found[^\n]*\.$/,
          ),
        },
      ]);
      expect(await bucket.keys()).toEqual([]);
    });
  });

  it('are a warning with warn, and no version is made', async () => {
    const bucket = await world.createBucket();
    await withTree(TREE, async (workspace) => {
      const inputs = { path: 'build', 'if-no-files-found': 'warn' };
      const result = await world.backup(bucket, { workspace, inputs });
      expect(result).toMatchObject({ exitCode: 0, outputs: {} });
      expect(result.annotations).toEqual([
        {
          level: 'warning',
          title: 'No files found',
          message: expect.stringMatching(/input path "build" matches no file below .*; no version was made\.$/),
        },
      ]);
      expect(await bucket.keys()).toEqual([]);
    });
  });

  it('are only said in the log with ignore', async () => {
    const bucket = await world.createBucket();
    await withTree(TREE, async (workspace) => {
      const inputs = { path: 'build', 'if-no-files-found': 'ignore' };
      const result = await world.backup(bucket, { workspace, inputs });
      expect(result).toMatchObject({ exitCode: 0, outputs: {}, annotations: [] });
      expect(result.log).toMatch(/input path "build" matches no file below .*; no version is made/);
      expect(await bucket.keys()).toEqual([]);
    });
  });

  it('do not include one that finds an empty directory', async () => {
    const bucket = await world.createBucket();
    await withTree({ 'build/': '' }, async (workspace) => {
      const { exitCode, outputs } = await world.backup(bucket, { workspace, inputs: { path: 'build' } });
      expect({ exitCode, files: outputs.files }).toEqual({ exitCode: 0, files: '0' });
      expect(await bucket.index(outputs['record-key'] ?? '')).toMatchObject([{ path: 'build', type: 'directory' }]);
    });
  });

  it('refuse a root that is not there, by its name', async () => {
    const bucket = await world.createBucket();
    await withTree(TREE, async (workspace) => {
      const result = await world.backup(bucket, { workspace, inputs: { root: 'no/such', path: '**' } });
      expect(result).toMatchObject({
        exitCode: 1,
        annotations: [{ level: 'error', message: expect.stringMatching(/root.*no\/such/) }],
      });
      expect(await bucket.keys()).toEqual([]);
    });
  });
});
