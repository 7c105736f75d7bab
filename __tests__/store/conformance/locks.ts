import { crc32 } from 'node:zlib';
import { expect, it } from '@jest/globals';
import type { ObjectLock } from '../../../src/store/object-store.ts';
import type { Conformance } from '../conformance.ts';
import type { NewPlace, Place } from './place.ts';

const DAY_MS = 86_400_000;

/** A lock that lasts, in the whole seconds that a HEAD tells. */
function lockFor(here: Place, days: number): ObjectLock & { readonly retainUntil: Date } {
  const seconds = Math.floor(here.store.now().getTime() / 1000);
  return { mode: 'GOVERNANCE', retainUntil: new Date(seconds * 1000 + days * DAY_MS), legalHold: false };
}

export function describeLocks(place: NewPlace, { objectLock = false }: Conformance): void {
  it('knows whether objects can be locked', async () => {
    expect(await place().store.objectLocking()).toBe(objectLock ? 'enabled' : 'off');
  });

  if (!objectLock) {
    it('refuses to lock, and keeps nothing', async () => {
      const here = place();
      await here.put('b');
      await expect(here.store.put(here.key('a'), Buffer.from('a'), { lock: lockFor(here, 1) })).rejects.toThrow();
      expect(await here.names()).toEqual(['b']);
    });
    return;
  }

  it('locks every kind of object as it is created', async () => {
    const here = place();
    await here.put('clock');
    const lock = lockFor(here, 1);
    await here.store.put(here.key('small'), Buffer.from('small'), { lock });
    await here.store.putStream(
      here.key('stream'),
      (async function* () {
        yield Buffer.from('stream');
      })(),
      { lock },
    );
    const part = Buffer.alloc(5 * 2 ** 20);
    const upload = await here.store.openUpload(here.key('large'), { size: part.length, partSize: part.length, lock });
    await upload.putPart({ number: 1, bytes: part, crc32: crc32(part) });
    await upload.complete({ size: part.length, crc32: crc32(part) });
    for (const name of ['small', 'stream', 'large']) {
      const { lock: found, versionId = '' } = await here.store.head(here.key(name));
      expect(found).toEqual(lock);
      const [failure] = await here.store.delete([{ key: here.key(name), versionId }]);
      expect(failure).toMatchObject({ code: 'AccessDenied', message: expect.stringMatching(/object lock/) });
    }
  });

  it('holds without an end', async () => {
    const here = place();
    await here.store.put(here.key('held'), Buffer.from('held'), { lock: { legalHold: true } });
    expect((await here.store.head(here.key('held'))).lock).toEqual({ legalHold: true });
  });

  it('puts an object under a hold, and leaves its date alone', async () => {
    const here = place();
    await here.put('clock');
    const lock = lockFor(here, 1);
    const key = here.key('a');
    await here.store.put(key, Buffer.from('a'), { lock });
    for (let times = 0; times < 2; times++) await here.store.hold(key);
    expect((await here.store.head(key)).lock).toEqual({ ...lock, legalHold: true });
    await expect(here.store.hold(here.key('missing'))).rejects.toMatchObject({ class: 'not-found' });
  });

  it('makes a lock longer, also where there was none, and never shorter', async () => {
    const here = place();
    const key = await here.put('a');
    const [short, long] = [lockFor(here, 1), lockFor(here, 2)];
    for (const { retainUntil } of [short, long]) await here.store.retain(key, 'GOVERNANCE', retainUntil);
    expect((await here.store.head(key)).lock).toEqual(long);
    await expect(here.store.retain(key, 'GOVERNANCE', short.retainUntil)).rejects.toThrow();
    expect((await here.store.head(key)).lock).toEqual(long);
  });
}
