import { appendFile, truncate } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Lanes } from '../../src/transfer/lanes.ts';
import { LargeContents } from '../../src/transfer/large-contents.ts';
import { LongFiles } from '../../src/transfer/long-files.ts';
import { PackSeries } from '../../src/transfer/pack-series.ts';
import { failure, fileEntry, ID, KEYS, stored } from '../series/series-fixture.ts';
import { membersOf, readPacked } from './packs-fixture.ts';
import { bytesFor, contextFor, MIB, RecordingStore, sha256Of, Workspace, watchReads } from './transfer-fixture.ts';

let workspace: Workspace;
beforeEach(async () => {
  workspace = await Workspace.create();
});
afterEach(() => workspace[Symbol.asyncDispose]());

const file = (path: string, content: Buffer) => workspace.file(path, content);

function begin(failOnChange = true) {
  const store = new RecordingStore();
  const context = contextFor(store, { failOnChange, lanes: new Lanes(4, 5 * MIB, 64 * MIB) });
  const target = { keys: KEYS, id: ID, attributes: {}, packSize: 64 * MIB };
  const series = new PackSeries(target, { partSize: 5 * MIB, buffers: 2 }, context);
  return { store, context, series, long: new LongFiles(series, new LargeContents(), 3, context) };
}

const content = bytesFor(2.5 * MIB);
const packKey = KEYS.pack(ID, 1);

describe('LongFiles', () => {
  it('puts a file into a pack whose slice begins and ends with its own frames', async () => {
    const { store, series, long } = begin();
    const one = await long.pack(await file('one', content));
    const two = await long.pack(await file('two', Buffer.concat([content, Buffer.from('!')])));
    await series.finish();
    const sliceOf = ({ location }: typeof one) => location.slice ?? { offset: 0, bytes: 0, skip: 1 };
    expect(sliceOf(one)).toMatchObject({ offset: 0, skip: 0 });
    expect(sliceOf(two)).toMatchObject({ offset: sliceOf(one).bytes, skip: 0 });
    const entry = fileEntry('one', { size: content.byteLength, sha256: sha256Of(content), ...one.location });
    expect((await readPacked(entry, store)).equals(content)).toBe(true);
    expect(membersOf(await stored(store, packKey)).map(({ member }) => member.path)).toEqual(['one', 'two']);
  });

  it('stores equal files once, and reads the first of them once', async () => {
    const { store, context, series, long } = begin();
    await using watch = await watchReads();
    await long.pack(await file('one', content));
    const bytes = watch.reads.filter((read) => read.bytes === MIB).length;
    const copy = await long.pack(await file('two', content));
    await series.finish();
    expect(bytes).toBe(2);
    expect(copy.location).toMatchObject({ slice: { offset: 0, member: 'one' } });
    expect(membersOf(await stored(store, packKey))).toHaveLength(1);
    expect(context.reused).toEqual([content.byteLength]);
  });

  it('fails for a file that changes while it is read', async () => {
    const { series, long } = begin();
    const growing = await file('one', content);
    await using _ = await watchReads(({ bytes }) =>
      bytes === MIB ? appendFile(growing.absolutePath, 'x') : undefined,
    );
    await expect(long.pack(growing)).rejects.toEqual(failure('local', /changed/, { code: 'CHANGED' }));
    await series.abandon();
  });

  it('fills up one that ends early with zeros where that is no error, so that the archive stays one', async () => {
    const { store, series, long } = begin(false);
    const shrinking = await file('one', content);
    await using _ = await watchReads(({ bytes }) =>
      bytes === MIB ? truncate(shrinking.absolutePath, MIB) : undefined,
    );
    const { read } = await long.pack(shrinking);
    await long.pack(await file('two', bytesFor(MIB + 1)));
    await series.finish();
    const [one, two] = membersOf(await stored(store, packKey));
    expect(one?.content).toHaveLength(content.byteLength);
    expect(read).toMatchObject({
      size: content.byteLength,
      sha256: sha256Of(one?.content ?? Buffer.alloc(0)),
      changed: true,
    });
    expect(two?.member.path).toBe('two');
  });
});
