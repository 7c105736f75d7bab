import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { link, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { PackEngine } from '../../src/pack/engine.ts';
import { InlineEngine } from '../../src/pack/inline-engine.ts';
import { WorkerEngine } from '../../src/pack/worker-engine.ts';
import type { SelectedEntry, SelectedFile } from '../../src/selection/types.ts';
import type { Entry, FileEntry } from '../../src/series/model.ts';
import { objectKey } from '../../src/store/object-key.ts';
import { LargeContents } from '../../src/transfer/large-contents.ts';
import { LongFiles } from '../../src/transfer/long-files.ts';
import { PackSeries } from '../../src/transfer/pack-series.ts';
import { Packer } from '../../src/transfer/packer.ts';
import { failure, ID, KEYS, stored } from '../series/series-fixture.ts';
import { KnownInMemory } from './known-in-memory.ts';
import { decode, membersOf, pack, readPacked } from './packs-fixture.ts';
import { contextFor, RecordingStore, receiptFor, sha256Of, Workspace } from './transfer-fixture.ts';

const MIB = 1024 * 1024;
const MTIME_NS = 1_600_000_000_000_000_000n;
const onPosix = process.platform === 'win32' ? it.skip : it;
const run = promisify(execFile);

let workspace: Workspace;
beforeEach(async () => {
  workspace = await Workspace.create();
});
afterEach(() => workspace[Symbol.asyncDispose]());

async function file(path: string, content: Uint8Array | string, listed: Partial<SelectedFile> = {}) {
  const absolutePath = await workspace.write(path.replaceAll('/', '-'), content);
  const size = Buffer.byteLength(content);
  const stat = { mtimeNs: MTIME_NS, ctimeNs: MTIME_NS, inode: 1n };
  return { path, absolutePath, type: 'file', mode: 0o644, size, ...stat, ...listed } as const;
}

/** Files of all sizes and kinds: empty, tiny, text, noise. */
function files(count: number): Promise<SelectedFile[]> {
  const names = Array.from({ length: count }, (_, index) => `f/${String(index).padStart(5, '0')}`);
  return Promise.all(
    names.map((name, index) => file(name, `${name}\n`.repeat(index % 7 === 0 ? 0 : (index * 131) % 9000))),
  );
}

const filesOf = (entries: readonly Entry[]) => entries.filter((entry): entry is FileEntry => entry.type === 'file');
const packKey = (number: number) => KEYS.pack(ID, number);

describe('Packer', () => {
  it('puts files of any size where their entries say, in the order of the selection', async () => {
    const store = new RecordingStore();
    const selected = await files(120);
    const { entries, packs } = await pack(selected, contextFor(store));
    expect(entries.map(({ path }) => path)).toEqual(selected.map(({ path }) => path));
    for (const entry of filesOf(entries)) await readPacked(entry, store);
    const bytes = await stored(store, packKey(1));
    const about = { bytes: bytes.byteLength, sha256: sha256Of(bytes), receipt: receiptFor(bytes) };
    expect(packs).toEqual([{ key: `data/${ID}/packs/0001.tar.zst`, ...about }]);
    expect(store.events).toMatchObject([
      { what: 'put', options: { contentType: 'application/zstd', tags: { version: ID }, sha256: sha256Of(bytes) } },
    ]);
  });

  it('makes of the same files the same bytes, in this thread and in others', async () => {
    const selected = await files(500);
    const here = new RecordingStore();
    const there = new RecordingStore();
    const first = await pack(selected, contextFor(here));
    const engine = new WorkerEngine({ failOnChange: true, level: 3 }, 2);
    expect(await pack(selected, contextFor(there), { engine })).toEqual(first);
    expect((await stored(there, packKey(1))).equals(await stored(here, packKey(1)))).toBe(true);
  });

  it('begins no more entries than there is work with', async () => {
    const selected = await files(2000);
    const inner = new InlineEngine({ failOnChange: true, level: 3 });
    let [begun, read, furthest] = [0, 0, 0];
    const engine: PackEngine = {
      batchesAtOnce: 1,
      read: async (items) => {
        await nextTurn();
        furthest = Math.max(furthest, begun - read);
        read += items.length;
        return inner.read(items);
      },
      close: () => inner.close(),
    };
    const watched = Iterator.from(selected).map((entry) => {
      begun += 1;
      return entry;
    });
    const { entries } = await pack(watched, contextFor(new RecordingStore()), { engine });
    expect(entries).toHaveLength(2000);
    expect(furthest).toBeLessThan(1000);
  });

  it('closes a pack before it would pass its size, and begins the next', async () => {
    const store = new RecordingStore();
    const noise = randomBytes(700_000);
    const selected = await Promise.all(
      [1, 2, 3, 4].map((number) => file(`n${number}`, Buffer.concat([Buffer.from([number]), noise]))),
    );
    const { entries, packs } = await pack(selected, contextFor(store), { packSize: MIB });
    expect(packs.map(({ key }) => key)).toEqual(packs.map((_, index) => KEYS.relative(packKey(index + 1))));
    expect(packs.length).toBeGreaterThan(1);
    for (const { bytes } of packs) expect(bytes).toBeLessThanOrEqual(MIB);
    for (const entry of filesOf(entries)) await readPacked(entry, store);
  });

  it('stores equal files once, under the name of the first, and empty ones each', async () => {
    const store = new RecordingStore();
    const selected = [await file('a', 'same'), await file('b', ''), await file('c', 'same'), await file('d', '')];
    const { entries } = await pack(selected, contextFor(store));
    const [a, b, c, d] = filesOf(entries);
    expect(c).toMatchObject({ path: 'c', sha256: a?.sha256, slice: { ...a?.slice, member: 'a' } });
    expect([b, d]).toMatchObject([{ size: 0 }, { size: 0 }]);
    expect([b?.slice?.member, d?.slice?.member]).toEqual([undefined, undefined]);
    for (const entry of filesOf(entries)) await readPacked(entry, store);
    expect(membersOf(await stored(store, packKey(1))).map(({ member }) => member.path)).toEqual(['a', 'b', 'd']);
  });

  onPosix('keeps hard links, links and directories as members', async () => {
    const store = new RecordingStore();
    const first = await file('a', 'linked');
    await link(first.absolutePath, workspace.at('z'));
    const others: SelectedEntry[] = [
      { path: 'dir', absolutePath: workspace.at('dir'), type: 'directory', mtimeNs: MTIME_NS, mode: 0o750 },
      { path: 'sym', absolutePath: workspace.at('sym'), type: 'symlink', mtimeNs: MTIME_NS, target: '../else where' },
    ];
    const z = { ...first, path: 'z', absolutePath: workspace.at('z') };
    const { entries } = await pack([first, ...others, z], contextFor(store));
    expect(entries).toMatchObject([
      { path: 'a', slice: { skip: 0 } },
      { path: 'dir', type: 'directory', mode: '0750' },
      { path: 'sym', type: 'symlink', target: '../else where' },
      { path: 'z', slice: { skip: 0, member: 'a' } },
    ]);
    expect(membersOf(await stored(store, packKey(1))).map(({ member }) => member)).toMatchObject([
      { path: 'a', type: 'file', size: 6 },
      { path: 'dir', type: 'directory', mode: 0o750 },
      { path: 'sym', type: 'symlink', target: '../else where' },
      { path: 'z', type: 'hard-link', target: 'a' },
    ]);
  });

  onPosix('links only to what is in the same pack, where tar finds it', async () => {
    const store = new RecordingStore();
    const first = await file('a', 'linked');
    const selected: SelectedFile[] = [first];
    for (const number of [1, 2, 3, 4]) {
      await link(first.absolutePath, workspace.at(`name ${number}`));
      const noise = await file(`${number}`, randomBytes(900_000));
      selected.push(noise, { ...first, path: `name ${number}`, absolutePath: workspace.at(`name ${number}`) });
    }
    const { entries, packs } = await pack(selected, contextFor(store), { packSize: 2 * MIB + 100_000 });
    expect(packs).toHaveLength(2);
    const members = await Promise.all(
      packs.map(async (_, index) => membersOf(await stored(store, packKey(index + 1)))),
    );
    expect(members.map((all) => all.map(({ member }) => `${member.type} ${member.path}`))).toEqual([
      ['file a', 'file 1', 'hard-link name 1', 'file 2', 'hard-link name 2'],
      ['file 3', 'file 4'],
    ]);
    for (const entry of filesOf(entries)) await readPacked(entry, store);
  });

  it('leaves larger files to be objects of their own', async () => {
    const store = new RecordingStore();
    const { entries, packs } = await pack(
      [await file('a', 'small'), await file('b', 'larger one')],
      contextFor(store),
      {
        below: 6,
      },
    );
    expect(entries).toMatchObject([
      { path: 'a', slice: {} },
      { path: 'b', key: `data/${ID}/files/b` },
    ]);
    expect(filesOf(entries)[1]).not.toHaveProperty('slice');
    expect(packs).toHaveLength(1);
  });

  it('is not held up by many entries that go elsewhere', async () => {
    const context = contextFor(new RecordingStore());
    const target = { keys: KEYS, id: ID, attributes: {}, packSize: 64 * MIB };
    const series = new PackSeries(target, { partSize: 5 * MIB, buffers: 1 }, context);
    const long = new LongFiles(series, new LargeContents(), 3, context);
    const packer = new Packer(
      new InlineEngine({ failOnChange: true, level: 3 }),
      series,
      new KnownInMemory(),
      long,
      context.signal,
    );
    const added = packer.addFile(await file('a', 'alone in its frame'));
    for (let passed = 0; passed < 5000; passed++) packer.pass();
    expect(await added).toMatchObject({ location: { slice: { offset: 0 } } });
    await packer.finish();
  });

  it('puts a file of many frames between small ones, and fetches nothing else for it', async () => {
    const store = new RecordingStore();
    const long = Buffer.concat([randomBytes(3 * MIB), Buffer.alloc(2 * MIB + 77, 'text ')]);
    const selected = [await file('a', 'first'), await file('b', long), await file('c', 'last'), await file('d', long)];
    const { entries, packs } = await pack(selected, contextFor(store), { below: Number.POSITIVE_INFINITY });
    const [, b, , d] = filesOf(entries);
    expect(packs).toHaveLength(1);
    expect(b).toMatchObject({ sha256: sha256Of(long), slice: { skip: 0 } });
    expect(d).toMatchObject({ sha256: sha256Of(long), slice: { ...b?.slice, member: 'b' } });
    for (const entry of filesOf(entries)) await readPacked(entry, store);
    const members = membersOf(await stored(store, packKey(1))).map(({ member }) => [member.path, member.size]);
    expect(members).toEqual([
      ['a', 5],
      ['b', long.byteLength],
      ['c', 4],
    ]);
  });

  it('gives a file that is larger than a pack one of its own', async () => {
    const store = new RecordingStore();
    const selected = [await file('a', 'x'), await file('b', randomBytes(3 * MIB)), await file('c', 'y')];
    const options = { below: Number.POSITIVE_INFINITY, packSize: 2 * MIB };
    const { entries } = await pack(selected, contextFor(store), options);
    expect(filesOf(entries).map(({ key }) => key.slice(-12))).toEqual(['0001.tar.zst', '0002.tar.zst', '0003.tar.zst']);
    for (const entry of filesOf(entries)) await readPacked(entry, store);
  });

  it('makes no pack of nothing', async () => {
    const store = new RecordingStore();
    expect(await pack([], contextFor(store))).toEqual({ entries: [], packs: [] });
    expect(store.events).toEqual([]);
  });
});

describe('a file that is not as it was listed', () => {
  it('is an error where it vanished, by its name', async () => {
    const store = new RecordingStore();
    const gone = await file('gone', 'x');
    await rm(gone.absolutePath);
    await expect(pack([await file('a', 'x'), gone], contextFor(store))).rejects.toMatchObject(
      failure('local', /vanished/, { code: 'VANISHED', key: gone.absolutePath }),
    );
    expect(store.events).toEqual([]);
  });

  it('is left out with a warning where that is wanted', async () => {
    const store = new RecordingStore();
    const gone = await file('gone', 'x');
    await rm(gone.absolutePath);
    const context = contextFor(store, { failOnChange: false });
    const { entries } = await pack([await file('a', 'x'), gone, await file('z', 'y')], context);
    expect(entries.map(({ path }) => path)).toEqual(['a', 'z']);
    expect(context.warnings).toMatchObject([{ kind: 'file-vanished', subject: 'gone' }]);
    for (const entry of filesOf(entries)) await readPacked(entry, store);
  });

  it('is stored as it is now where it has shrunk since, and by itself where it has grown', async () => {
    const store = new RecordingStore();
    const shrunk = await file('shrunk', 'now', { size: 4000 });
    const grown = await file('grown', 'longer than it was', { size: 2 });
    const { entries } = await pack([grown, shrunk], contextFor(store));
    expect(entries).toMatchObject([
      { path: 'grown', size: 18, key: `data/${ID}/files/grown` },
      { path: 'shrunk', size: 3, sha256: sha256Of(Buffer.from('now')) },
    ]);
    expect(String(await stored(store, objectKey(`${KEYS.base}data/${ID}/files/grown`)))).toBe('longer than it was');
  });

  onPosix('is an error where it is a directory now', async () => {
    const a = await file('a', 'x');
    await rm(a.absolutePath);
    await mkdir(a.absolutePath);
    await expect(pack([a], contextFor(new RecordingStore()))).rejects.toMatchObject(failure('local', /vanished/));
  });
});

describe('a store that fails', () => {
  it('fails the whole, and leaves no upload and no thread', async () => {
    const store = new RecordingStore({
      put: () => {
        throw new Error('no more');
      },
    });
    const engine = new WorkerEngine({ failOnChange: true, level: 3 }, 2);
    await expect(pack(await files(300), contextFor(store), { engine })).rejects.toThrow('no more');
    expect(await store.openUploads()).toBe(0);
    await expect(engine.read([])).rejects.toMatchObject(failure('local', /thread/));
  });
});

describe('what nobody waits for any more', () => {
  /** Counts the batches that are read. */
  class CountingEngine extends InlineEngine {
    reads = 0;
    override async read(...items: Parameters<InlineEngine['read']>) {
      this.reads += 1;
      await nextTurn();
      return super.read(...items);
    }
  }

  const endless = async (count: number) => {
    const one = await file('one', Buffer.alloc(MIB / 2));
    return Array.from({ length: count }, (_, index): SelectedFile => ({ ...one, path: `p${index}` }));
  };

  it('is not read once another file has failed', async () => {
    const engine = new CountingEngine({ failOnChange: true, level: 1 });
    const gone = { ...(await file('gone', Buffer.alloc(2 * MIB))), absolutePath: workspace.at('nowhere') };
    const packing = pack([gone, ...(await endless(2000))], contextFor(new RecordingStore()), { engine });
    await expect(packing).rejects.toMatchObject(failure('local', /vanished/));
    expect(engine.reads).toBeLessThan(500);
  });

  it('is not read once the step is cancelled', async () => {
    const engine = new CountingEngine({ failOnChange: true, level: 1 });
    const context = contextFor(new RecordingStore(), { signal: AbortSignal.abort(new Error('cancelled')) });
    await expect(pack(await endless(10), context, { engine })).rejects.toThrow('cancelled');
    expect(engine.reads).toBe(0);
  });
});

describe('stock tools', () => {
  onPosix('read a pack: zstd -dc | tar x', async () => {
    const store = new RecordingStore();
    const selected = await files(200);
    await pack(selected, contextFor(store), { packSize: MIB });
    const out = workspace.at('out');
    await mkdir(out);
    await writeFile(workspace.at('pack.tar.zst'), await stored(store, packKey(1)));
    const decoded = await zstd(workspace.at('pack.tar.zst'));
    await run('tar', ['-xf', decoded, '-C', out]);
    expect((await readdir(`${out}/f`)).sort()).toEqual(selected.map(({ path }) => path.slice(2)));
    for (const { path, absolutePath } of selected) {
      expect((await readFile(`${out}/${path}`)).equals(await readFile(absolutePath))).toBe(true);
    }
  });

  /** The tool where there is one; else frame by frame. */
  async function zstd(path: string): Promise<string> {
    const tar = `${path}.tar`;
    try {
      await run('zstd', ['-dq', path, '-o', tar]);
    } catch {
      await writeFile(tar, decode(await readFile(path)));
    }
    return tar;
  }
});

it('any selection of any sizes comes back', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ size: fc.nat({ max: 40_000 }), byte: fc.nat({ max: 3 }) }), { maxLength: 60 }),
      fc.integer({ min: 1, max: 50_000 }),
      async (sizes, below) => {
        const store = new RecordingStore();
        const selected = await Promise.all(
          sizes.map(({ size, byte }, index) => file(`p${String(index).padStart(3, '0')}`, Buffer.alloc(size, byte))),
        );
        const { entries } = await pack(selected, contextFor(store), { below });
        expect(entries).toHaveLength(sizes.length);
        for (const entry of filesOf(entries).filter(({ slice }) => slice !== undefined)) await readPacked(entry, store);
      },
    ),
    { numRuns: 15 },
  );
});
