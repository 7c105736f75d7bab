import { describe, expect, it } from '@jest/globals';
import { list } from '../../../src/commands/list.ts';
import { ObservedStore } from '../../store/observed-store.ts';
import { MIB } from '../ports-fixture.ts';
import { Scene } from '../verify/scene.ts';

const location = { prefix: 'backups', series: 'dist' };
const wanted = { kind: 'entries', version: 'latest' } as const;

/** A hundred small files and one more go into a pack, and a large one is compressed. */
const files = {
  ...Object.fromEntries(Array.from({ length: 101 }, (_, at) => [`src/${at}`, `file ${at}\n`])),
  'large.log': Buffer.alloc(2 * MIB, 'a line of a log\n'),
};

describe('listing the entries of a version with packs', () => {
  it('says what is packed and compressed, from the record and the index alone', async () => {
    await using scene = await Scene.create();
    await scene.backup(files);
    const store = new ObservedStore(scene.store);
    const report = await list({ location, wanted }, scene.ports({ store }));
    expect(report).toMatchObject({
      stored: {
        packed: { files: 101 },
        packs: { count: 1, bytes: expect.any(Number) },
        compressed: { files: 1, bytes: 2 * MIB, storedBytes: expect.any(Number) },
      },
    });
    expect(scene.lines.at(-1)).toMatch(
      /102 entries, 2\.0 MiB: 101 files of 799 B in 1 pack of 1\.\d KiB, 1 file of 2\.0 MiB compressed to \d+ B$/,
    );
    expect(store.operations).toEqual(['list', 'get', 'get']);
  });
});
