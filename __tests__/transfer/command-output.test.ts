import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { BackupError } from '../../src/errors.ts';
import type { Producer } from '../../src/producer/types.ts';
import { CommandOutput, type OutputPlan } from '../../src/transfer/command-output.ts';
import { LargeContents } from '../../src/transfer/large-contents.ts';
import { LooseFiles } from '../../src/transfer/loose-files.ts';
import type { EntryUpload } from '../../src/transfer/upload-entries.ts';
import type { UploadContext } from '../../src/transfer/upload-file.ts';
import { failure, ID, KEYS, stored, TIME } from '../series/series-fixture.ts';
import { decode } from './packs-fixture.ts';
import { contextFor, type Hooks, MIB, RecordingStore, sha256Of, Workspace } from './transfer-fixture.ts';

const TEXT = Buffer.alloc(7 * MIB + 5, 'insert into widgets values (1, 2, 3);\n');
const NOISE = randomBytes(3 * MIB + 5);

/** A command that has written `bytes` when it ends, or fails. */
function command(bytes: Uint8Array, failure?: BackupError) {
  const did: string[] = [];
  const producer: Producer = {
    bytes: (async function* () {
      for (let start = 0; start < bytes.length; start += 65_536) yield bytes.subarray(start, start + 65_536);
    })(),
    async finish() {
      did.push('finish');
      if (failure !== undefined) throw failure;
    },
    async stop() {
      did.push('stop');
    },
  };
  return { did, start: () => producer };
}

/** An output on its way into a store that writes down what it is asked. */
function scene(
  plan: Pick<OutputPlan, 'start'> & Partial<OutputPlan>,
  hooks: Hooks = {},
  fields: Partial<UploadContext> = {},
) {
  const store = new RecordingStore(hooks);
  const context = contextFor(store, fields);
  const upload: EntryUpload = {
    keys: KEYS,
    id: ID,
    attributes: { tags: { team: 'core' } },
    changeDetection: 'content',
    context,
    loose: new LooseFiles({ level: 3, compressedAtOnce: 0, contents: new LargeContents() }),
  };
  const output = new CommandOutput({ path: 'db/dump.sql', mtime: TIME, ifEmpty: 'error', root: '/nowhere', ...plan });
  return { store, context, run: () => output.store(undefined, upload) };
}

describe('CommandOutput', () => {
  it('stores what does not compress as it comes, in parts, and says what it is', async () => {
    const { start, did } = command(NOISE);
    const { store, context, run } = scene({ start, level: 3 });
    const entry = await run();
    expect(entry).toEqual({
      path: 'db/dump.sql',
      type: 'file',
      mode: '0644',
      mtime: '2026-11-22T08:09:10Z',
      size: NOISE.length,
      sha256: sha256Of(NOISE),
      key: `data/${ID}/files/db/dump.sql`,
      receipt: expect.objectContaining({ crc32: expect.any(String) }),
    });
    expect((await stored(store, KEYS.absolute(entry.key))).equals(NOISE)).toBe(true);
    const [opened] = store.events;
    expect(opened).toMatchObject({
      what: 'open',
      plan: { partSize: MIB, tags: { team: 'core' }, contentType: 'application/sql' },
    });
    expect(opened).not.toHaveProperty('plan.size');
    expect(store.summary.slice(1)).toEqual(['part 1', 'part 2', 'part 3', 'part 4', 'complete']);
    expect(context.sent.toSorted()).toEqual([MIB, MIB, MIB, 5].toSorted());
    expect(did).toEqual(['finish']);
  });

  it('stores what compresses well as zstd frames, under its name with a suffix', async () => {
    const { store, run } = scene({ start: command(TEXT).start, level: 3 });
    const entry = await run();
    const object = await stored(store, KEYS.absolute(`data/${ID}/files/db/dump.sql.zst`));
    expect(entry).toMatchObject({
      size: TEXT.length,
      sha256: sha256Of(TEXT),
      key: `data/${ID}/files/db/dump.sql.zst`,
      stored: { encoding: 'zstd', bytes: object.length, sha256: sha256Of(object) },
    });
    expect(decode(object).equals(TEXT)).toBe(true);
    expect(store.events).toMatchObject([{ what: 'put', options: { contentType: 'application/zstd' } }]);
  });

  it('compresses neither where it is told not to, nor where a file beside it has the name', async () => {
    const untold = await scene({ start: command(TEXT).start }).run();
    expect(untold).toMatchObject({ key: `data/${ID}/files/db/dump.sql`, size: TEXT.length });
    await using workspace = await Workspace.create();
    await workspace.write('dump.sql.zst', 'a file');
    const plan = { path: 'dump.sql', root: workspace.directory, level: 3, start: command(TEXT).start };
    const twin = await scene(plan).run();
    expect(twin).toMatchObject({ key: `data/${ID}/files/dump.sql`, size: TEXT.length });
    for (const entry of [untold, twin]) expect(entry).not.toHaveProperty('stored');
  });

  it('does not send again what fits in one part and is stored already', async () => {
    const bytes = Buffer.from('unchanged');
    const { store, context, run } = scene({ start: command(bytes).start });
    await context.known.add({ size: bytes.length, sha256: sha256Of(bytes) }, { key: 'data/older/files/dump.sql' });
    expect(await run()).toMatchObject({ key: 'data/older/files/dump.sql', size: bytes.length });
    expect(store.events).toEqual([]);
    expect(context.reused).toEqual([bytes.length]);
  });

  it.each([
    ['in one part', Buffer.from('half a dump'), []],
    ['in parts', NOISE, ['open', 'part 1', 'part 2', 'part 3', 'abort']],
    ['compressed', TEXT, []],
  ])('leaves nothing of a command that fails, %s', async (_, bytes, asked) => {
    const { start, did } = command(bytes, new BackupError('exit code 1', { class: 'local' }));
    const { store, run } = scene({ start, level: 3 });
    await expect(run()).rejects.toThrow('exit code 1');
    expect(store.summary).toEqual(asked);
    expect(await store.openUploads()).toBe(0);
    expect(await Array.fromAsync(store.list(''))).toEqual([]);
    expect(did).toEqual(['finish', 'stop']);
  });

  it('ends the command where the store fails, and says what the store said', async () => {
    const part = () => {
      throw new BackupError('no room', { class: 'permanent' });
    };
    const { start, did } = command(Buffer.concat(Array(20).fill(NOISE)));
    const { store, run } = scene({ start }, { part });
    await expect(run()).rejects.toThrow('no room');
    expect(did.at(-1)).toBe('stop');
    expect(await store.openUploads()).toBe(0);
  });

  it('hands the signal to the command', async () => {
    const { signal } = new AbortController();
    const seen: AbortSignal[] = [];
    const { start } = command(Buffer.from('x'));
    const plan = {
      start(given: AbortSignal) {
        seen.push(given);
        return start();
      },
    };
    await scene(plan, {}, { signal }).run();
    expect(seen).toEqual([signal]);
  });
});

describe('CommandOutput of a command that writes nothing', () => {
  const empty = (ifEmpty: OutputPlan['ifEmpty']) => scene({ ...command(Buffer.alloc(0)), ifEmpty, level: 3 });

  it('error: fails', async () => {
    const { store, run } = empty('error');
    await expect(run()).rejects.toEqual(failure('local', /wrote nothing to stdout.*"db\/dump.sql"/, { code: 'EMPTY' }));
    expect(store.events).toEqual([]);
  });

  it('blames no command for a pipe through which nothing came', async () => {
    const { run } = scene({ ...command(Buffer.alloc(0)), isPiped: true });
    const refused = failure('local', /^Nothing came in on stdin, so .* "db\/dump.sql"\.$/, { operation: 'read stdin' });
    await expect(run()).rejects.toEqual(refused);
    const warned = scene({ ...command(Buffer.alloc(0)), isPiped: true, ifEmpty: 'warn' });
    await warned.run();
    expect(warned.context.warnings).toMatchObject([{ message: 'Nothing came in on stdin; the file is empty.' }]);
  });

  it.each([
    ['warn', ['output-empty']],
    ['ignore', []],
  ] as const)('%s: stores an empty file', async (ifEmpty, kinds) => {
    const { store, context, run } = empty(ifEmpty);
    const entry = await run();
    expect(entry).toMatchObject({ size: 0, sha256: sha256Of(Buffer.alloc(0)), key: `data/${ID}/files/db/dump.sql` });
    expect(await stored(store, KEYS.absolute(entry.key))).toHaveLength(0);
    expect(context.warnings.map(({ kind }) => kind)).toEqual(kinds);
  });
});
