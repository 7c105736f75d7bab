import { hash } from 'node:crypto';
import { expect, it } from '@jest/globals';
import type { Conformance } from '../conformance.ts';
import { classOf, type NewPlace, sha256, TIMEOUT_MS } from './place.ts';

export function describeObjects(place: NewPlace): void {
  it('gives back what was put', async () => {
    const here = place();
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
    const key = here.key('all-bytes.bin');
    await here.store.put(key, bytes, {
      sha256: sha256(bytes),
      contentType: 'application/octet-stream',
      tags: { commit: 'abc' },
    });
    expect(await here.bytes(key)).toEqual(bytes);
    const info = await here.store.head(key);
    expect(info.size).toBe(256);
    expect(info.lastModified.getTime()).not.toBeNaN();
    expect(info.lock).toBeUndefined();
    expect([undefined, sha256(bytes)]).toContain(info.sha256);
  });

  it('holds empty objects', async () => {
    const here = place();
    const key = await here.put('empty');
    expect(await here.text(key)).toBe('');
    expect((await here.store.head(key)).size).toBe(0);
  });

  it('lists the ETag that a PUT was answered with, which changes with the bytes, and tells where it is their MD5', async () => {
    const here = place();
    const key = here.key('a');
    const one = await here.store.put(key, Buffer.from('one'));
    const [listed] = await Array.fromAsync(here.store.list(here.prefix));
    expect(one.etag).toBeDefined();
    expect(listed?.etag).toBe(one.etag);
    const two = await here.store.put(key, Buffer.from('two'));
    expect(two.etag).not.toBe(one.etag);
    expect([undefined, hash('md5', 'two')]).toContain(two.md5);
    expect((await here.store.head(key)).md5).toBe(two.md5);
  });

  it('replaces what was there', async () => {
    const here = place();
    await here.put('a', 'old');
    const key = await here.put('a', 'new');
    expect(await here.text(key)).toBe('new');
  });

  it('refuses bytes that are not those of the digest, and keeps nothing', async () => {
    const here = place();
    const key = here.key('a');
    await expect(here.store.put(key, Buffer.from('other'), { sha256: sha256(Buffer.from('a')) })).rejects.toThrow();
    expect(await here.names()).toEqual([]);
  });

  it('says not-found for what is not there', async () => {
    const here = place();
    expect(await classOf(here.store.get(here.key('none')))).toBe('not-found');
    expect(await classOf(here.store.head(here.key('none')))).toBe('not-found');
  });
}

export function describeDeletes(place: NewPlace): void {
  it('deletes what is named and nothing else, twice if asked', async () => {
    const here = place();
    for (const name of ['a', 'a/b', 'b', 'c']) await here.put(name);
    const targets = ['a', 'c', 'never-there'].map((name) => ({ key: here.key(name) }));
    expect(await here.store.delete(targets)).toEqual([]);
    expect(await here.store.delete(targets)).toEqual([]);
    expect(await here.names()).toEqual(['a/b', 'b']);
    expect(await classOf(here.store.get(here.key('a')))).toBe('not-found');
  });

  it('has nothing to do for no targets', async () => {
    expect(await place().store.delete([])).toEqual([]);
  });
}

export function describeConditions(place: NewPlace, { conditionalWrites }: Conformance): void {
  if (conditionalWrites === 'ignored') return;

  it('creates only once with ifAbsent', async () => {
    const here = place();
    const key = here.key('claim');
    await here.store.put(key, Buffer.from('first'), { ifAbsent: true });
    expect(await classOf(here.store.put(key, Buffer.from('second'), { ifAbsent: true }))).toBe('lost-race');
    expect(await here.text(key)).toBe('first');
  });

  it('creates again with ifAbsent after a delete', async () => {
    const here = place();
    const key = await here.put('claim', 'first');
    await here.store.delete([{ key }]);
    await here.store.put(key, Buffer.from('second'), { ifAbsent: true });
    expect(await here.text(key)).toBe('second');
  });

  it('lets one of many creators win', async () => {
    const here = place();
    const key = here.key('claim');
    const bodies = Array.from({ length: 8 }, (_, index) => String(index));
    const classes = await Promise.all(
      bodies.map((body) => classOf(here.store.put(key, Buffer.from(body), { ifAbsent: true }))),
    );
    const winners = bodies.filter((_, index) => classes[index] === 'no error');
    expect(winners).toEqual([await here.text(key)]);
    expect(classes.filter((one) => one !== 'no error' && one !== 'lost-race' && one !== 'conflict')).toEqual([]);
  });
}

export function describeClock(place: NewPlace): void {
  it('tells the time its objects carry', async () => {
    const here = place();
    const key = await here.put('a');
    const { lastModified } = await here.store.head(key);
    expect(Math.abs(here.store.now().getTime() - lastModified.getTime())).toBeLessThan(TIMEOUT_MS);
  });
}
