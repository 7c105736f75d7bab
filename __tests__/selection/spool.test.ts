import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { absolutePathOf, HERE } from '../../src/selection/paths.ts';
import { Spool } from '../../src/selection/spool.ts';
import type { SelectedEntry } from '../../src/selection/types.ts';
import { collect, itOnPosix, temporaryDirectory } from './tree.ts';

const ROOT = process.platform === 'win32' ? 'C:\\root' : '/root';

const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 20 });
const common = { path: text, mtimeNs: fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n }) };
const mode = fc.nat({ max: 0o7777 });
const entry: fc.Arbitrary<SelectedEntry> = fc
  .oneof(
    fc.record({
      ...common,
      type: fc.constant('file' as const),
      mode,
      size: fc.maxSafeNat(),
      ctimeNs: common.mtimeNs,
      inode: fc.bigInt({ min: 0n, max: 2n ** 64n }),
    }),
    fc.record({ ...common, type: fc.constant('symlink' as const), target: text }),
    fc.record({ ...common, type: fc.constant('directory' as const), mode }),
  )
  .map((partial) => ({ ...partial, absolutePath: absolutePathOf(ROOT, partial.path, HERE) }));

async function filled(directory: string, ...batches: readonly SelectedEntry[][]): Promise<Spool> {
  const spool = await Spool.create(directory, ROOT);
  for (const batch of batches) await spool.append(batch);
  await spool.finish();
  return spool;
}

const fileNamed = (path: string): SelectedEntry => ({
  path,
  absolutePath: absolutePathOf(ROOT, path, HERE),
  mtimeNs: 1n,
  type: 'file',
  mode: 0o644,
  size: 1,
  ctimeNs: 2n,
  inode: 3n,
});

describe('Spool', () => {
  it('gives back what was put in, as often as asked', async () => {
    const directory = await temporaryDirectory();
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { maxLength: 20 }), async (entries) => {
        const spool = await filled(directory, entries.slice(0, 3), entries.slice(3));
        expect(await collect(spool.entries())).toEqual(entries);
        expect(await collect(spool.entries())).toEqual(entries);
        await spool.remove();
      }),
      { numRuns: 50 },
    );
    expect(await readdir(directory)).toEqual([]);
  });

  it('keeps more than one chunk, with characters and lines across its borders', async () => {
    const entries = Array.from({ length: 2_000 }, (_, index) =>
      fileNamed(`${'\u20ac\u{1f600}\n\u2028'.repeat(20)}${index}`),
    );
    const spool = await filled(await temporaryDirectory(), entries);
    expect((await stat(spool.path)).size).toBeGreaterThan(2 * 256 * 1024);
    expect(await collect(spool.entries())).toEqual(entries);
    await spool.remove();
  });

  it('can be read by two at once, and not to the end', async () => {
    const entries = ['a', 'b', 'c'].map(fileNamed);
    const spool = await filled(await temporaryDirectory(), entries);
    const first = spool.entries();
    const second = spool.entries();
    expect((await first.next()).value).toEqual(entries[0]);
    expect((await second.next()).value).toEqual(entries[0]);
    await first.return();
    expect(await collect(second)).toEqual(entries.slice(1));
    await spool.remove();
  });

  it('can be removed at any time and more than once', async () => {
    const directory = await temporaryDirectory();
    const spool = await Spool.create(directory, ROOT);
    await spool.append([fileNamed('a')]);
    await spool.remove();
    await spool.remove();
    expect(await readdir(directory)).toEqual([]);
  });

  itOnPosix('is for no other user to read', async () => {
    const spool = await filled(await temporaryDirectory());
    expect((await stat(spool.path)).mode & 0o777).toBe(0o600);
    await spool.remove();
  });

  it('says where it could not be created', async () => {
    const directory = join(await temporaryDirectory(), 'missing');
    await expect(Spool.create(directory, ROOT)).rejects.toMatchObject({
      class: 'local',
      details: { code: 'ENOENT', key: directory },
    });
  });
});
