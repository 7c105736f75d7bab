import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Bucket } from '../bucket.ts';
import { plant, withTree } from '../tree.ts';
import { REPOSITORY, startWorld, type World } from '../world.ts';

const MIB = 1024 * 1024;
const SHA = 'ffac537e6cbbf934b08745a378932722df287a53';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

const contentTypes = async (bucket: Bucket) =>
  Object.fromEntries(
    await Promise.all((await bucket.keys()).map(async (key) => [key, (await bucket.head(key)).ContentType] as const)),
  );

describe('a first version', () => {
  it('consists of claim, data, index and record, each of its content type', async () => {
    const bucket = await world.createBucket();
    await withTree({ 'app.js': 'x', 'page.html': '<p>', 'no-extension': '', 'a.tar.gz': 'z' }, async (workspace) => {
      const { exitCode, outputs } = await world.backup(bucket, { workspace });
      expect(exitCode).toBe(0);
      const id = outputs['version-id'];
      expect(await contentTypes(bucket)).toEqual({
        'backups/dist/claims/000001.json': 'application/json',
        [`backups/dist/data/${id}/files/a.tar.gz`]: 'application/gzip',
        [`backups/dist/data/${id}/files/app.js`]: 'text/javascript',
        [`backups/dist/data/${id}/files/no-extension`]: 'application/octet-stream',
        [`backups/dist/data/${id}/files/page.html`]: 'text/html',
        [`backups/dist/data/${id}/index.ndjson.zst`]: 'application/zstd',
        [`backups/dist/versions/${id}.json`]: 'application/json',
      });
    });
  });

  it('has a record that tells run, selection, totals and how to know the index', async () => {
    const bucket = await world.createBucket();
    await withTree({ 'in/a': '12345', 'in/b': '678', 'in/not.map': '' }, async (workspace) => {
      const path = 'in/**\n# a remark\n!in/**/*.map';
      const { outputs } = await world.backup(bucket, { workspace, inputs: { path }, runAttempt: '3' });
      const id = outputs['version-id'];
      const indexKey = `data/${id}/index.ndjson.zst`;
      const index = await bucket.read(`backups/dist/${indexKey}`);
      const record = await bucket.json(outputs['record-key'] ?? '');
      const instant = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      expect(record).toEqual({
        format: 1,
        id,
        series: 'dist',
        number: 1,
        type: 'full',
        time: instant,
        committed: instant,
        nonce: expect.stringMatching(/^[0-9a-f]{32}$/),
        run: {
          repository: REPOSITORY,
          commit: SHA,
          ref: 'refs/heads/main',
          workflow: 'Backup',
          job: 'backup',
          runId: '1658821493',
          runAttempt: '3',
          event: 'push',
          actor: 'octocat',
          url: `https://github.com/${REPOSITORY}/actions/runs/1658821493/attempts/3`,
        },
        tags: {},
        selection: { path: path.split('\n') },
        totals: { files: 2, symlinks: 0, directories: 0, bytes: 8 },
        index: {
          key: indexKey,
          bytes: index.byteLength,
          sha256: createHash('sha256').update(index).digest('hex'),
          entries: 2,
        },
        packs: [],
        leansOn: [],
        form: expect.stringMatching(/^[0-9a-f]{64}$/),
        tool: { name: 'versioned-s3-backup', version: expect.stringMatching(/^\d+\.\d+\.\d+/) },
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      });
      // The instant in the ID is the one in the record, and the claim names the same run.
      expect(id).toContain(String(record.time).replace(/[-:]|\.\d+/g, ''));
      const { id: claimed, nonce, leansOn, run, form } = await bucket.json('backups/dist/claims/000001.json');
      expect({ claimed, nonce, leansOn, run, form }).toEqual({
        claimed: id,
        nonce: record.nonce,
        leansOn: [],
        run: record.run,
        form: record.form,
      });
    });
  });

  it('keeps a file sent in parts byte by byte, with its checksum in the index', async () => {
    const bucket = await world.createBucket();
    const big = randomBytes(11 * MIB + 7);
    await withTree({ 'big.bin': big, 'empty.bin': '' }, async (workspace) => {
      const { outputs } = await world.backup(bucket, { workspace, inputs: { 'part-size': '5MiB' } });
      const [bigLine, emptyLine] = await bucket.index(outputs['record-key'] ?? '');
      expect(bigLine).toMatchObject({
        size: big.byteLength,
        sha256: createHash('sha256').update(big).digest('hex'),
      });
      const stored = await bucket.read(`backups/dist/${bigLine?.key}`);
      expect(stored.equals(big)).toBe(true);
      expect(emptyLine).toMatchObject({ size: 0, sha256: createHash('sha256').digest('hex') });
      expect(await bucket.read(`backups/dist/${emptyLine?.key}`)).toHaveLength(0);
      expect((await bucket.head(`backups/dist/${bigLine?.key}`)).ETag).toMatch(/-3"$/);
      expect(await bucket.uploads()).toEqual([]);
    });
  });
});

describe('the tags', () => {
  it('are on every object: claim, data small and large, index, record', async () => {
    const bucket = await world.createBucket();
    await withTree({ 'big.bin': randomBytes(6 * MIB), small: 's' }, async (workspace) => {
      const { outputs } = await world.backup(bucket, { workspace, inputs: { 'part-size': '5MiB' } });
      const keys = await bucket.keys();
      expect(keys).toHaveLength(5);
      const expected = {
        repository: REPOSITORY,
        commit: SHA,
        ref: 'refs/heads/main',
        workflow: 'Backup',
        'run-id': '1658821493',
        'run-attempt': '1',
        event: 'push',
        version: outputs['version-id'],
      };
      for (const key of keys) expect([key, await bucket.tags(key)]).toEqual([key, expected]);
    });
  });

  it('make room for those of the user, and hold what S3 takes of odd characters; the record holds all', async () => {
    const bucket = await world.createBucket();
    const lines = ['team=core & co', 'cost center=R&D (42%)', 'note=a=b', 'owner=Zoë 日本 😀', 'empty=', 'run-id=mine'];
    const ref = 'refs/heads/feat/ü#1 "?"&=+%';
    await withTree({ file: '' }, async (workspace) => {
      const { outputs, exitCode } = await world.backup(bucket, { workspace, ref, inputs: { tags: lines.join('\n') } });
      expect(exitCode).toBe(0);
      for (const key of await bucket.keys()) {
        expect(await bucket.tags(key)).toEqual({
          version: outputs['version-id'],
          repository: REPOSITORY,
          commit: SHA,
          team: 'core _ co',
          'cost center': 'R_D _42__',
          note: 'a=b',
          owner: 'Zoë 日本 _',
          'run-id': 'mine',
          ref: 'refs/heads/feat/ü_1 ____=+_',
          workflow: 'Backup',
        });
      }
      expect(await bucket.json(outputs['record-key'] ?? '')).toMatchObject({
        run: { ref, runId: '1658821493', runAttempt: '1', event: 'push' },
        tags: {
          team: 'core & co',
          'cost center': 'R&D (42%)',
          note: 'a=b',
          owner: 'Zoë 日本 😀',
          empty: '',
          'run-id': 'mine',
        },
      });
    });
  });

  it('are refused by number before anything is written, in a dry run too', async () => {
    const bucket = await world.createBucket();
    const tags = Array.from({ length: 8 }, (_, index) => `key${index}=value`).join('\n');
    await withTree({ file: '' }, async (workspace) => {
      for (const dryRun of ['false', 'true']) {
        const result = await world.backup(bucket, { workspace, inputs: { tags, 'dry-run': dryRun } });
        expect(result).toMatchObject({
          exitCode: 1,
          annotations: [
            { level: 'error', message: expect.stringMatching(/^The input `tags` [^\n]*at most 7 lines\.$/) },
          ],
          groups: [],
        });
      }
    });
    expect(await bucket.keys()).toEqual([]);
  });
});

describe('a second version', () => {
  it('is told apart from the first in log and summary', async () => {
    const bucket = await world.createBucket();
    await withTree({ same: '1', changed: '22', removed: '333' }, async (workspace) => {
      const first = await world.backup(bucket, { workspace, inputs: { path: 'same\nchanged\nremoved\nadded' } });
      expect(first.log).toContain('The series dist has no version yet');
      expect(first.summary).toContain('This is the first version.');
      await plant(workspace, { changed: 'XX', added: '4444' });
      const second = await world.backup(bucket, { workspace, inputs: { path: '**\n!removed' } });
      expect(second.outputs).toMatchObject({ version: '2', files: '3', bytes: '7' });
      expect(second.log).toContain(`the newest is ${first.outputs['version-id']}`);
      expect(second.log).toContain(
        'Against version 1: 1 added (4 B), 1 changed (2 B), 1 removed (3 B), 1 unchanged (1 B)',
      );
      expect(second.summary).toMatch(/#### Difference to version 1[^#]*added[^#]*changed[^#]*removed/s);
      expect(await bucket.keys('backups/dist/versions/')).toHaveLength(2);
    });
  });
});
