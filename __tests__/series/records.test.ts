import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { BackupError } from '../../src/errors.ts';
import type { Warning } from '../../src/log.ts';
import { encodeRecord } from '../../src/series/record.ts';
import { readRecord, recordsNewestFirst } from '../../src/series/records.ts';
import { versionIdOf } from '../../src/series/version-id.ts';
import { MemoryStore } from '../../src/store/memory.ts';
import type { ObjectKey } from '../../src/store/object-key.ts';
import { failure, ID, KEYS, RECORD } from './series-fixture.ts';

const store = () => new MemoryStore({ clock: () => new Date(0) });
const FACTS = { id: ID, ...versionIdOf(ID) };

describe('readRecord', () => {
  it('reads the record of a version', async () => {
    const memory = store();
    await memory.put(KEYS.record(ID), encodeRecord(RECORD));
    expect(await readRecord(memory, KEYS, ID)).toMatchObject({ id: ID, number: 42 });
  });

  it.each([
    ['other', (text: string) => text.replace('octocat', 'mallory'), 'it is not what its digest of itself says'],
    ['no', (text: string) => text.replace(/,\n {2}"sha256": "[0-9a-f]{64}"\n\}\n$/, '\n}\n'), 'is not at its end'],
  ])('does not believe a record that has a digest of %s bytes', async (_, change, problem) => {
    const memory = store();
    const changed = change(Buffer.from(encodeRecord(RECORD)).toString());
    await memory.put(KEYS.record(ID), Buffer.from(changed));
    const wanted = failure('permanent', new RegExp(problem), { code: 'DAMAGED', key: KEYS.record(ID) });
    await expect(readRecord(memory, KEYS, ID)).rejects.toEqual(wanted);
  });

  it('reads once more what was damaged on the way', async () => {
    const memory = store();
    await memory.put(KEYS.record(ID), encodeRecord(RECORD));
    let reads = 0;
    const damagedOnce = {
      get: async (key: ObjectKey) => {
        if (++reads > 1) return memory.get(key);
        const body = Readable.from([Buffer.from(encodeRecord(RECORD)).fill(0x20, 40, 41)]);
        return { ...(await memory.get(key)), body };
      },
    };
    expect(await readRecord(damagedOnce, KEYS, ID)).toMatchObject({ id: ID, number: 42 });
    expect(reads).toBe(2);
  });

  it('does not take an object that is too large to be one', async () => {
    const memory = store();
    await memory.put(KEYS.record(ID), Buffer.alloc(2 ** 20 + 1));
    await expect(readRecord(memory, KEYS, ID)).rejects.toEqual(
      failure('permanent', /is larger than the 1048576 bytes/),
    );
  });
});

describe('recordsNewestFirst', () => {
  async function read(get: (key: string) => Promise<never>) {
    const warnings: Warning[] = [];
    const records = recordsNewestFirst({ get }, KEYS, [FACTS], (warning) => void warnings.push(warning));
    return { read: await Array.fromAsync(records), warnings };
  }
  const throwing = (details: ConstructorParameters<typeof BackupError>[1]) => () =>
    Promise.reject(new BackupError('No.', details));

  it('passes over what was pruned since the listing without a word', async () => {
    expect(await read(throwing({ class: 'not-found' }))).toEqual({ read: [], warnings: [] });
  });

  it.each([{ class: 'transient' }, { class: 'permanent', httpStatus: 403, code: 'AccessDenied' }] as const)(
    'does not take %j for damage',
    async (details) => {
      await expect(read(throwing(details))).rejects.toEqual(failure(details.class, 'No.'));
    },
  );
});
