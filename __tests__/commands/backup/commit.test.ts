import { describe, expect, it } from '@jest/globals';
import { readCatalogue, takeNumber } from '../../../src/commands/backup/claim.ts';
import { commitVersion } from '../../../src/commands/backup/commit.ts';
import type { Uploaded } from '../../../src/commands/backup/upload.ts';
import type { CommandPorts } from '../../../src/commands/ports.ts';
import { LineSpool } from '../../../src/line-spool.ts';
import { encodeRecord, parseRecord } from '../../../src/series/record.ts';
import { failure, KEYS, RECORD, RUN, stored } from '../../series/series-fixture.ts';
import { ObservedStore } from '../../store/observed-store.ts';
import { backupRequest, HOUR_MS } from '../ports-fixture.ts';
import { Scene } from '../verify/scene.ts';

const ID = 'dist_full_20261122T080910Z_000001';
const CLAIM = KEYS.claim({ number: 1 });
const TRUSTED_MS = 12 * HOUR_MS;
/** As the request of the fixture has it. */
const ABANDONED_AFTER_MS = 24 * HOUR_MS;

/** A run that has its number, and so much later its data; what the others do in the meantime is up to the test. */
async function commitAfter(
  scene: Scene,
  milliseconds: number,
  meanwhile: () => Promise<void> = async () => {},
  ports: CommandPorts = scene.ports(),
) {
  const request = backupRequest(scene);
  const owned = await takeNumber(request, await readCatalogue(request, ports), undefined, ports);
  const index = await LineSpool.create(ports.temporaryDirectory, 'index');
  await index.finish();
  const uploaded: Uploaded = {
    totals: RECORD.totals,
    sentBytes: 0,
    index,
    packs: [],
    forms: { packed: 0, compressed: 0, loose: 0, filesIn: [] },
    references: { leansOn: [], packs: new Map() },
  };
  scene.nowMs += milliseconds;
  await meanwhile();
  try {
    return await commitVersion(request, owned, undefined, uploaded, RECORD.index, ports);
  } finally {
    await index.remove();
  }
}

describe('commitVersion', () => {
  it('writes the record with what the run is and has made', async () => {
    await using scene = await Scene.create();
    await commitAfter(scene, HOUR_MS);
    expect(parseRecord(await stored(scene.store, KEYS.record(ID)), KEYS.record(ID), ID)).toMatchObject({
      id: ID,
      series: 'dist',
      number: 1,
      type: 'full',
      time: '2026-11-22T08:09:10.000Z',
      committed: '2026-11-22T09:09:10.000Z',
      run: RUN,
      tags: { team: 'core' },
      selection: { path: ['**'] },
      totals: RECORD.totals,
      index: RECORD.index,
      leansOn: [],
    });
  });

  it.each([TRUSTED_MS, ABANDONED_AFTER_MS - 1])(
    'commits after %i ms while its claim is there',
    async (milliseconds) => {
      await using scene = await Scene.create();
      await commitAfter(scene, milliseconds);
      expect(await scene.keys()).toContain(KEYS.record(ID));
    },
  );

  it('does not commit when its claim is gone: a prune took the run for dead, and its data went as well', async () => {
    await using scene = await Scene.create();
    await expect(commitAfter(scene, TRUSTED_MS, () => scene.remove(CLAIM))).rejects.toEqual(
      failure('lost-race', /longer than `abandoned-after`/, {
        operation: 'commit',
        key: CLAIM,
        hint: expect.stringContaining('`abandoned-after`'),
      }),
    );
    expect(await scene.keys()).toEqual([]);
  });

  it('does not commit from `abandoned-after` on, although its claim is there still: a prune may be at work', async () => {
    await using scene = await Scene.create();
    await expect(commitAfter(scene, ABANDONED_AFTER_MS)).rejects.toEqual(
      failure('lost-race', /longer than `abandoned-after`/, { key: CLAIM }),
    );
    expect(await scene.keys()).toEqual([CLAIM]);
  });

  it('is not misled by a claim whose key begins like its own', async () => {
    await using scene = await Scene.create();
    const others = async () => {
      await scene.remove(CLAIM);
      await scene.put(`${CLAIM}.bak`, 'no claim');
    };
    await expect(commitAfter(scene, TRUSTED_MS, others)).rejects.toEqual(failure('lost-race', /./));
    expect(await scene.keys()).not.toContain(KEYS.record(ID));
  });

  it('does not look for the claim while no prune can have taken it', async () => {
    await using scene = await Scene.create();
    const store = new ObservedStore(scene.store);
    let before = 0;
    const noted = async () => {
      before = store.requests.length;
    };
    await commitAfter(scene, TRUSTED_MS - 1, noted, scene.ports({ store }));
    expect(store.operations.slice(before)).toEqual(['put']);
  });

  it('does not replace the record of another run', async () => {
    await using scene = await Scene.create();
    const other = { ...RECORD, id: ID, number: 1, nonce: 'f'.repeat(32) };
    const theirs = encodeRecord(other);
    const overtaken = commitAfter(scene, HOUR_MS, () => scene.put(KEYS.record(ID), theirs));
    await expect(overtaken).rejects.toEqual(failure('lost-race', /committed by another run/, { found: other.nonce }));
    expect(await stored(scene.store, KEYS.record(ID))).toEqual(Buffer.from(theirs));
  });
});
