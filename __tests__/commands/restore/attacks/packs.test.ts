import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { DAMAGED } from '../../../../src/errors.ts';
import type { TarMember } from '../../../../src/pack/tar-format.ts';
import type { FileEntry } from '../../../../src/series/model.ts';
import { frame, frames, PackFixture, storedEntry } from '../../../pack/pack-fixture.ts';
import { type PackedVersion, packedId, packKey, publishPacked } from '../../../pack/publish-packed.ts';
import { failure, KEYS } from '../../../series/series-fixture.ts';
import { MIB } from '../../../transfer/transfer-fixture.ts';
import { Scene, treeOf } from '../scene.ts';

const pack = () => new PackFixture(packKey());

/** The first entry says something else. */
const lying = (fields: (entry: FileEntry) => Partial<FileEntry>): PackedVersion['change'] => {
  return ([first, ...rest]) => {
    if (first?.type !== 'file') throw new Error('The first entry is a file.');
    return [{ ...first, ...fields(first) }, ...rest];
  };
};

const sliceOf = ({ slice }: FileEntry) => slice ?? { offset: 0, bytes: 1, skip: 0 };
const movedSlice = (fields: object) => lying((entry) => ({ slice: { ...sliceOf(entry), ...fields } }));

/** Each of two files is said to be where the other is. */
const swapped: PackedVersion['change'] = ([a, b]) => {
  if (a?.type !== 'file' || b?.type !== 'file') throw new Error('There are two files.');
  return [
    { ...a, slice: sliceOf(b) },
    { ...b, slice: sliceOf(a) },
  ];
};

/** What may come back of the versions below: they lie about the others. */
const HONEST = { a: 'first', b: 'second' };

/** Everything but the restored files is as before, and of these only good ones are there. */
async function expectDamaged(version: PackedVersion, problem: RegExp, damageAfter?: (scene: Scene) => Promise<void>) {
  await using scene = await Scene.create();
  await publishPacked(scene.store, version);
  await damageAfter?.(scene);
  const target = join(scene.workspace, 'target');
  await expect(scene.restore({ target })).rejects.toEqual(failure('permanent', problem, { code: DAMAGED }));
  // What is there is complete and right: neighbours may have been written before the damage was found.
  expect(HONEST).toMatchObject(await treeOf(target).catch(() => ({})));
  expect(await readFile(join(scene.directory, 'outside', 'authorized_keys'), 'utf8')).toBe('mine');
  expect(await scene.temporaryFiles()).toEqual([]);
}

describe('a tar header that is not what the index says (containers/storage, `ensureTOCMatchesTarSplit`)', () => {
  it.each<[string, PackFixture, RegExp]>([
    ['path', pack().add('a', 'x', {}, { path: 'b' }), /its name is "a", and the tar header says "b"/],
    ['path that leads out', pack().add('a', 'x', {}, { path: '../../outside/authorized_keys' }), /its name is "a"/],
    ['size', pack().add('a', 'xx', { size: 1 }, { size: 2 }), /its size is 1, and the tar header says 2/],
    [
      'size that is larger than all there is',
      pack().add('a', 'x', { size: 9_000_000_000 }, { size: 9_000_000_000 }),
      /ends before its content does/,
    ],
    ['mode', pack().add('a', 'x', {}, { mode: 0o4755 }), /its mode is 0644, and the tar header says 4755/],
    ['time', pack().add('a', 'x', {}, { mtimeNs: 1n }), /its time is /],
    ['content', pack().add('a', 'x', { sha256: 'f'.repeat(64) }), /SHA-256/],
  ])('by its %s', (_, fixture, problem) => expectDamaged({ packs: [fixture] }, problem));

  it.each<[string, Partial<TarMember>]>([
    ['symlink', { type: 'symlink', target: '../outside/authorized_keys' }],
    ['hard-link', { type: 'hard-link', target: '../../outside/authorized_keys' }],
    ['hard-link', { type: 'hard-link', target: 'other' }],
  ])('by its type, a %s, wherever that leads: %j', async (type, member) => {
    const link = pack().addMember({ path: 'a', ...member });
    const slice = { offset: 0, bytes: link.bytes().byteLength, skip: 0 };
    const [entry] = pack().add('a', '').close().entries;
    if (entry === undefined) throw new Error('There is one.');
    const problem = new RegExp(`its type is file, and the tar header says ${type}`);
    await expectDamaged({ packs: [link], entries: [{ ...entry, slice }] }, problem);
  });

  // Whoever goes by the one size finds members in what is content by the other (R14, CVE-2025-62518).
  it.each([
    ['the one that the index has', 1024, 512],
    ['the one that the index has, which is 0', 0, 512],
  ])('by a second size beside %s', (_, paxSize, size) => {
    const fixture = pack().add('a', Buffer.alloc(paxSize), {}, { paxSize, size });
    return expectDamaged({ packs: [fixture] }, new RegExp(`is ${paxSize} in its PAX header and ${size} in its own`));
  });
});

describe('slices that lie', () => {
  const two = () => pack().add('a', 'first').close().add('b', 'second').close();
  it.each<[string, PackedVersion['change'], RegExp]>([
    ['are swapped', swapped, /its name is "[ab]", and the tar header says "[ab]"/],
    ['end outside of the pack', movedSlice({ bytes: 10_000 }), /its slice ends at byte 10000 of a pack of/],
    ['begin outside of the pack', movedSlice({ offset: 2 ** 40 }), /its slice ends at byte/],
    ['begin within a frame', movedSlice({ offset: 1 }), /where a zstd frame should begin there is none/],
    ['end within a frame', movedSlice({ bytes: 20 }), /it ends within a zstd frame/],
    ['skip all there is', movedSlice({ skip: 5000 }), /there is no tar header/],
    ['skip more than a frame has', movedSlice({ skip: 2 ** 40 }), /its slice skips/],
    ['skip into a content', movedSlice({ skip: 512 }), /header/],
    ['name a member that leads out', movedSlice({ member: '../a' }), /"..\/a", cannot be used/],
    ['name another member', movedSlice({ member: 'b' }), /its name is "b", and the tar header says "a"/],
    [
      'are of a pack the record does not list',
      lying(() => ({ key: packKey(1, 2) })),
      /is none of those the record lists/,
    ],
    ['are of a pack of another version', lying(() => ({ key: packKey(9) })), /is not of this version nor of one/],
  ])('and %s', (_, change, problem) => expectDamaged({ packs: [two()], ...(change && { change }) }, problem));
});

describe('packs that are damaged', () => {
  it('by a frame without a checksum', () =>
    expectDamaged(
      {
        packs: [
          pack()
            .add('a', 'x')
            .close((bytes) => frame(bytes, false)),
        ],
      },
      /a frame has no checksum/,
    ));

  it.each([1, 30, 60])('by being cut off after %i bytes', (length) =>
    expectDamaged({ packs: [pack().add('a', 'x'.repeat(2000))] }, /is not what its entry says/, async ({ store }) => {
      const key = KEYS.absolute(packKey());
      const { body } = await store.get(key, { range: { start: 0, end: length } });
      await store.put(key, Buffer.concat(await Array.fromAsync(body)));
    }),
  );

  it('by a frame that decodes to more than one may (R16)', () =>
    expectDamaged(
      {
        packs: [
          pack()
            .add('a', Buffer.alloc(9 * MIB))
            .close(frame),
        ],
      },
      /decodes to 9\d* bytes, and 8388608/,
    ));

  it('by more frames than the content needs', () => {
    const bomb = (bytes: Buffer) => Buffer.concat([frame(bytes), ...Array(50).fill(frame(Buffer.alloc(7 * MIB)))]);
    return expectDamaged({ packs: [pack().add('a', 'x').close(bomb)] }, /more frames than its content needs/);
  });
});

describe('compressed objects', () => {
  const key = `data/${packedId()}/files/a.zst`;
  const content = Buffer.from('content of a file');
  it.each<[string, Buffer, RegExp]>([
    ['that decode to more', frames(Buffer.concat([content, content]), 10), /decodes to more than 17 bytes/],
    [
      'that decode to very much more (R16)',
      Buffer.concat(Array(40).fill(frame(Buffer.alloc(7 * MIB)))),
      /decodes to more than 17/,
    ],
    ['that decode to less', frames(content.subarray(1)), /decodes to 16 bytes instead of 17/],
    ['that decode to something else', frames(Buffer.from('content of a File')), /decodes to SHA-256/],
    [
      'with something behind the frames',
      Buffer.concat([frames(content), Buffer.from('more')]),
      /there is none|ends within/,
    ],
    ['without a checksum', frame(content, false), /no checksum/],
    ['that are not compressed', content, /a zstd frame should begin there is none/],
  ])('%s', (_, stored, problem) => {
    const { entry } = storedEntry('a', content, key, stored);
    return expectDamaged({ entries: [entry], objects: { [key]: stored } }, problem);
  });
});
