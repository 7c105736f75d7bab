import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { BackupError } from '../../src/errors.ts';
import { Lanes } from '../../src/transfer/lanes.ts';
import { PackSeries } from '../../src/transfer/pack-series.ts';
import { MAX_PARTS } from '../../src/transfer/part-plan.ts';
import { frame } from '../pack/pack-fixture.ts';
import { failure, ID, KEYS, stored } from '../series/series-fixture.ts';
import { decode } from './packs-fixture.ts';
import { contextFor, type Hooks, MIB, RecordingStore, receiptFor, sha256Of } from './transfer-fixture.ts';

const END = Buffer.alloc(1024);

function begin(packSize: number, hooks: Hooks = {}, buffers: 1 | 2 = 2) {
  const store = new RecordingStore(hooks);
  const context = contextFor(store, { lanes: new Lanes(4, 5 * MIB, 64 * MIB) });
  const target = { keys: KEYS, id: ID, attributes: { tags: { version: ID } }, packSize };
  return { store, context, series: new PackSeries(target, { partSize: 5 * MIB, buffers }, context) };
}

async function put(series: PackSeries, content: Buffer) {
  const bytes = frame(content);
  const place = await series.place(bytes.byteLength);
  await series.append(bytes, content.byteLength);
  return { ...place, bytes };
}

describe('PackSeries', () => {
  it('says where each frame is, and ends a pack as an archive ends', async () => {
    const { series, store, context } = begin(64 * MIB);
    const frames = [await put(series, Buffer.from('first')), await put(series, Buffer.from('second'))];
    const key = `data/${ID}/packs/0001.tar.zst`;
    expect(frames.map(({ offset }) => offset)).toEqual([0, frames[0]?.bytes.byteLength]);
    const packs = await series.finish();
    const object = await stored(store, KEYS.absolute(key));
    expect(packs).toEqual([{ key, bytes: object.byteLength, sha256: sha256Of(object), receipt: receiptFor(object) }]);
    expect(decode(object).equals(Buffer.concat([Buffer.from('firstsecond'), END]))).toBe(true);
    expect(store.events).toMatchObject([
      { what: 'put', options: { contentType: 'application/zstd', tags: { version: ID } } },
    ]);
    expect(context.sent).toEqual([object.byteLength]);
  });

  it.each([1, 2] as const)(
    'begins the next pack before one would grow too large, with memory for %d parts',
    async (buffers) => {
      const { series, store } = begin(MIB, {}, buffers);
      const contents = Array.from({ length: 5 }, () => randomBytes(400_000));
      const placed: { key: string; offset: number; bytes: Buffer }[] = [];
      for (const content of contents) placed.push(await put(series, content));
      const packs = await series.finish();
      expect(packs.map(({ key }) => key)).toEqual([1, 2, 3].map((number) => KEYS.relative(KEYS.pack(ID, number))));
      for (const { bytes } of packs) expect(bytes).toBeLessThanOrEqual(MIB);
      for (const [index, { key, offset, bytes }] of placed.entries()) {
        const object = await stored(store, KEYS.absolute(key));
        expect(decode(object.subarray(offset, offset + bytes.byteLength)).equals(contents[index] ?? END)).toBe(true);
      }
    },
  );

  it('makes one pack larger for what is larger by itself', async () => {
    const { series } = begin(MIB);
    const { key } = await series.place(10 * MIB);
    const piece = randomBytes(MIB);
    for (let number = 0; number < 3; number++) await series.append(frame(piece), MIB);
    expect((await series.place(10)).key).not.toBe(key);
    await series.append(frame(Buffer.from('x')), 1);
    const packs = await series.finish();
    expect(packs.map(({ bytes }) => bytes > MIB)).toEqual([true, false]);
  });

  describe('for a file that needs more than 10,000 parts of the usual size', () => {
    const LONG = 9 * MIB * MAX_PARTS;

    it('takes larger parts out of the memory that is set aside, when nothing else has some of it', async () => {
      const closing = Promise.withResolvers<void>();
      const { series, store } = begin(12 * MIB, { complete: () => closing.promise });
      for (let number = 0; number < 6; number++) await put(series, randomBytes(MIB));
      const before = series.place(LONG, 'long').then((place) => [store.summary.at(-1), place]);
      closing.resolve();
      const [last, { key }] = (await before) as [string, { key: string }];
      expect(last).toContain('complete');
      for (let number = 0; number < 10; number++) await series.append(frame(randomBytes(MIB)), MIB);
      expect(store.events.at(-1)).toEqual({ what: 'part', number: 1, bytes: 10 * MIB });
      // Its end is not on its way beside the next one.
      const next = await series.place(3 * MIB);
      expect([next.key !== key, store.summary.at(-1)]).toEqual([true, expect.stringContaining('complete')]);
      const packs = await series.finish();
      for (const pack of packs) expect(sha256Of(await stored(store, KEYS.absolute(pack.key)))).toBe(pack.sha256);
    });

    it.each([
      ['one part', 1, LONG],
      ['two parts', 2, 11 * MIB * MAX_PARTS],
    ] as const)('refuses it where there is memory for %s and it needs more', async (_memory, buffers, bytes) => {
      const { series, store } = begin(MIB, {}, buffers);
      await expect(series.place(bytes, 'long')).rejects.toEqual(
        failure('local', new RegExp(`"long" .*the ${buffers * 5 * MIB} bytes that .max-memory. leaves`), {
          key: 'long',
        }),
      );
      expect(store.events).toEqual([]);
    });
  });

  it('is nothing without a frame', async () => {
    const { series, store, context } = begin(MIB);
    series.credit(100);
    expect(await series.finish()).toEqual([]);
    expect([store.summary, context.reused]).toEqual([[], [100]]);
  });

  it('leaves no upload open when it is abandoned', async () => {
    const { series, store } = begin(64 * MIB, {
      part: ({ number }) => {
        if (number === 2) throw new BackupError('no', { class: 'permanent' });
      },
    });
    const failing = async () => {
      for (let number = 0; number < 20; number++) await put(series, randomBytes(MIB));
      await series.finish();
    };
    await expect(failing()).rejects.toThrow('no');
    await series.abandon();
    expect(await store.openUploads()).toBe(0);
    expect(store.summary).toContain('abort');
  });
});
