import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { expectedTotal, planLooseCompression, withOutput } from '../../../src/commands/backup/output.ts';
import type { BackupRequest, OutputRequest } from '../../../src/commands/backup/request.ts';
import { backup } from '../../../src/commands/backup.ts';
import type { SelectedEntry } from '../../../src/selection/types.ts';
import { openVersion } from '../../../src/series/open-version.ts';
import { parseRecord } from '../../../src/series/record.ts';
import { CommandOutput } from '../../../src/transfer/command-output.ts';
import { asyncOf, failure, KEYS, keysIn, TIME } from '../../series/series-fixture.ts';
import { ObservedStore } from '../../store/observed-store.ts';
import { backupRequest, HOUR_MS } from '../ports-fixture.ts';
import { found, MIB, Scene } from '../verify/scene.ts';

const FIRST = 'dist_full_20261122T080910Z_000001';

const outputOf = (script: string, path = 'dump.sql', ifEmpty: OutputRequest['ifEmpty'] = 'error'): OutputRequest => ({
  path,
  source: { kind: 'shell', script, directory: import.meta.dirname },
  ifEmpty,
});

const command = (path: string) =>
  new CommandOutput({
    path,
    mtime: TIME,
    ifEmpty: 'error',
    root: '/',
    start() {
      throw new Error('nobody asked for it');
    },
  });

describe('withOutput', () => {
  const entries = (...paths: string[]) => ({
    entries: () =>
      asyncOf(
        paths.map((path): SelectedEntry => ({ path, absolutePath: path, mtimeNs: 0n, type: 'symlink', target: '' })),
      ),
  });
  const order = async (...[selection, output]: Parameters<typeof withOutput>) =>
    Array.fromAsync(withOutput(selection, output), ({ path }) => path);

  it.each([
    ['a', ['a', 'b', 'd']],
    ['c', ['b', 'c', 'd']],
    ['e', ['b', 'd', 'e']],
  ])('puts %s in its place', async (path, expected) => {
    expect(await order(entries('b', 'd'), command(path))).toEqual(expected);
  });

  it('is the output alone where nothing is selected, and the selection where there is none', async () => {
    expect(await order(entries(), command('a'))).toEqual(['a']);
    expect(await order(entries('b'), undefined)).toEqual(['b']);
  });
});

describe('expectedTotal', () => {
  const totals = { files: 2, symlinks: 1, directories: 0, bytes: 10 };
  it('is open where the output of a command is to come', () => {
    expect(expectedTotal({ totals }, command('a'))).toEqual({ files: 3, bytes: 10, isOpen: true });
    expect(expectedTotal({ totals }, undefined)).toEqual(totals);
  });
});

describe('planLooseCompression', () => {
  const large = [{ path: 'a', size: 5 * MIB }];
  const plan = (asked: Partial<BackupRequest>, largest: typeof large = []) => {
    const { output, ...rest } = asked;
    const request = {
      compression: 'auto',
      layout: 'auto',
      maxMemory: 256 * MIB,
      partSize: 8 * MIB,
      ...rest,
      ...(output && { output }),
    };
    return planLooseCompression(request as BackupRequest, { largest }, 0);
  };
  const output = outputOf('true');

  it.each([
    [{}, [], { atOnce: 0, output: false, bytes: 0 }],
    [{}, large, { atOnce: 2, output: false, bytes: 16 * MIB }],
    [{ output }, [], { atOnce: 0, output: true, bytes: 8 * MIB }],
    [{ output }, large, { atOnce: 1, output: true, bytes: 16 * MIB }],
    [{ output, maxMemory: 40 * MIB }, large, { atOnce: 0, output: true, bytes: 8 * MIB }],
    [{ output, maxMemory: 16 * MIB }, large, { atOnce: 0, output: false, bytes: 0 }],
    [{ output, layout: 'archive' }, large, { atOnce: 0, output: true, bytes: 8 * MIB }],
    [{ output, compression: 'off' }, large, { atOnce: 0, output: false, bytes: 0 }],
  ] as const)('of %j: the output goes first', (asked, largest, expected) => {
    expect(plan(asked, [...largest])).toEqual(expected);
  });
});

describe('backup with the output of a command', () => {
  it('makes it a file of the version, in the record, the totals and the report too', async () => {
    await using scene = await Scene.create();
    await scene.write({ a: 'first', z: 'last' });
    const report = await backup(backupRequest(scene, { output: outputOf('printf "%070000d" 1') }), scene.ports());
    expect(report).toMatchObject({
      totals: { files: 3, bytes: 70_009 },
      uploadedBytes: 70_009,
      largest: [{ path: 'dump.sql', size: 70_000 }, { path: 'a' }, { path: 'z' }],
    });
    const record = parseRecord(await scene.read(KEYS.record(FIRST)), KEYS.record(FIRST), FIRST);
    expect(record.selection).toEqual({ path: ['**'], output: 'dump.sql' });
    expect(found(await scene.verify({ level: 'data' }))).toEqual([]);
    const { index } = await openVersion(scene.store, KEYS, FIRST, scene.ports().temporaryDirectory);
    const entries = await Array.fromAsync(index.entries());
    await index.close();
    expect(entries.map(({ path }) => path)).toEqual(['a', 'dump.sql', 'z']);
    expect(entries[1]).toMatchObject({ mode: '0644', mtime: '2026-11-22T08:09:10Z', size: 70_000 });
  });

  it('is packed with nothing, whatever the layout', async () => {
    await using scene = await Scene.create();
    await scene.write({ a: 'first' });
    const request = backupRequest(scene, { layout: 'archive', output: outputOf('printf dump') });
    const report = await backup(request, scene.ports());
    expect(report?.stored).toMatchObject({ packed: 1, loose: 1, packs: 1 });
    expect(found(await scene.verify({ level: 'data' }))).toEqual([]);
  });

  it('keeps a file from being compressed to its key', async () => {
    await using scene = await Scene.create();
    await scene.write({ 'dump.sql': Buffer.alloc(2 * MIB, 'text') });
    await backup(backupRequest(scene, { output: outputOf('printf other', 'dump.sql.zst') }), scene.ports());
    expect(await scene.keys()).toEqual(
      expect.arrayContaining([KEYS.file(FIRST, 'dump.sql'), KEYS.file(FIRST, 'dump.sql.zst')]),
    );
    expect(found(await scene.verify({ level: 'data' }))).toEqual([]);
  });

  it('needs no files: neither where none are asked for, nor where none are found and that is no error', async () => {
    await using scene = await Scene.create();
    const output = outputOf('printf dump');
    const alone = await backup(backupRequest(scene, { output, selection: { patterns: [] } }), scene.ports());
    expect(alone?.totals).toEqual({ files: 1, symlinks: 0, directories: 0, bytes: 4 });
    scene.nowMs += HOUR_MS;
    const selection = { patterns: ['nowhere/**'], ifNoFilesFound: 'warn' } as const;
    const second = await backup(backupRequest(scene, { output, selection }), scene.ports());
    expect(second?.totals.files).toBe(1);
    expect(scene.warnings.map(({ message }) => message)).toEqual([
      expect.stringMatching(/matches no file .*; the version has the output of the command alone\.$/),
    ]);
  });

  it('sends what it has sent before only where that takes parts', async () => {
    await using scene = await Scene.create();
    const incremental = { ...backupRequest(scene).incremental, mode: 'always' as const };
    const request = backupRequest(scene, { incremental, output: outputOf('printf dump'), selection: { patterns: [] } });
    await backup(request, scene.ports());
    scene.nowMs += HOUR_MS;
    const second = await backup(request, scene.ports());
    expect(second).toMatchObject({ uploadedBytes: 0, difference: { unchanged: { count: 1 } } });
    expect(found(await scene.verify({ level: 'data' }))).toEqual([]);
  });

  it('fails with the command, makes no version and leaves nothing', async () => {
    await using scene = await Scene.create();
    await scene.write({ a: 'first', noise: randomBytes(6 * MIB) });
    const request = backupRequest(scene, { output: outputOf('head -c 12000000 /dev/urandom; echo no >&2; exit 9') });
    await expect(backup(request, scene.ports())).rejects.toEqual(
      failure('local', 'The command failed with exit code 9: no'),
    );
    expect(await Array.fromAsync(scene.store.list(KEYS.versionsPrefix))).toEqual([]);
    expect(await Array.fromAsync(scene.store.listUploads(''))).toEqual([]);
    expect(await scene.temporaryFiles()).toEqual([]);
  });

  it('ends the command where a file fails', async () => {
    await using scene = await Scene.create();
    await scene.write({ a: 'first' });
    const store = new ObservedStore(scene.store, {
      before: ({ operation, keys }) => {
        if (operation === 'put' && keys.includes(KEYS.file(FIRST, 'a'))) throw new Error('refused');
      },
    });
    const request = backupRequest(scene, { output: outputOf('cat /dev/urandom') });
    await expect(backup(request, scene.ports({ store }))).rejects.toThrow('refused');
    expect(await Array.fromAsync(scene.store.listUploads(''))).toEqual([]);
  });

  it.each(['dump.sql', 'dump.sql/part', 'dump'])('clashes with a file %s before anything is written', async (path) => {
    await using scene = await Scene.create();
    await scene.write({ [path]: 'a file', 'dump.sql.txt': 'another' });
    const output = outputOf('printf dump', path === 'dump' ? 'dump/dump.sql' : 'dump.sql');
    await expect(backup(backupRequest(scene, { output }), scene.ports())).rejects.toMatchObject({
      input: 'path',
      message: expect.stringContaining(`"${path}" (it clashes with \`stdin-name\`, "${output.path}")`),
    });
    expect(await keysIn(scene.store)).toEqual([]);
  });

  it.each([false, true])('that cannot be started takes no number and asks for nothing; dry run: %s', async (dryRun) => {
    await using scene = await Scene.create();
    await scene.write({ a: 'first' });
    const file = 'no-such-program-anywhere';
    const source = { kind: 'program', file, args: [], directory: import.meta.dirname } as const;
    const store = new ObservedStore(scene.store, {
      before: ({ operation }) => {
        throw new Error(`${operation} was asked for`);
      },
    });
    const request = backupRequest(scene, { dryRun, output: { path: 'dump.sql', source, ifEmpty: 'error' } });
    await expect(backup(request, scene.ports({ store }))).rejects.toEqual(
      failure('local', 'The command "no-such-program-anywhere" cannot be started: it was not found.'),
    );
    expect(await keysIn(scene.store)).toEqual([]);
  });

  it('is not run for a dry run', async () => {
    await using scene = await Scene.create();
    await scene.write({ a: 'first' });
    const ports = scene.ports({
      produce() {
        throw new Error('it was run');
      },
    });
    const report = await backup(backupRequest(scene, { dryRun: true, output: outputOf('printf dump') }), ports);
    expect(report).toMatchObject({ dryRun: true, totals: { files: 2, bytes: 5 } });
    expect(scene.lines).toContain('would run the command and upload its output  dump.sql');
  });
});
