import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { KnownContents } from '../../src/transfer/known-content.ts';
import { fileEntry } from '../series/series-fixture.ts';

let directory: string;
let known: KnownContents;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'known-'));
  const isUsable = (key: string) => key !== 'old pack';
  known = await KnownContents.create({ directory, expected: 10, largeBytes: 100, isUsable });
});
afterEach(async () => {
  await known.close();
  expect(await readdir(directory)).toEqual([]);
  await rm(directory, { recursive: true });
});

const content = (digit: string, size = 5) => ({ sha256: digit.repeat(64), size });
const never = () => Promise.reject(new Error('stored again'));

describe('KnownContents', () => {
  it('finds what the base has, under whatever path it is looked for', async () => {
    const slice = { offset: 0, bytes: 9, skip: 0 };
    await known.addBase(fileEntry('a', { ...content('1'), key: 'pack', slice }));
    expect(await known.find(content('1'))).toEqual({ key: 'pack', slice: { ...slice, member: 'a' } });
    expect(await known.find(content('2'))).toBeUndefined();
  });

  it('looks at the entry of the same path first', async () => {
    await known.addBase(fileEntry('a', { ...content('1'), key: 'first' }));
    const before = fileEntry('b', { ...content('1'), key: 'its own' });
    expect(await known.find(content('1'), before)).toEqual({ key: 'its own' });
    expect(await known.find(content('2'), before)).toBeUndefined();
    expect(await known.find(content('1', 6), before)).toBeUndefined();
  });

  it('does not know what is to be packed anew, at its own path or another', async () => {
    const old = fileEntry('a', { ...content('1', 1000), key: 'old pack' });
    await known.addBase(old);
    expect(known.isUsable(old)).toBe(false);
    expect(await known.find(content('1', 1000), old)).toBeUndefined();
    expect(known.mayHold(1000)).toBe(false);
  });

  it('keeps the sizes of large files only', async () => {
    await known.addBase(fileEntry('small', content('1', 99)));
    await known.addBase(fileEntry('large', content('2', 100)));
    expect([known.mayHold(99), known.mayHold(100), known.mayHold(101)]).toEqual([false, true, false]);
  });

  it('has equal contents stored once, also at the same time, and again after a failure', async () => {
    const place = Promise.withResolvers<{ key: string }>();
    const first = known.once(content('1'), undefined, () => place.promise);
    const second = known.once(content('1'), undefined, never);
    place.resolve({ key: 'new' });
    expect(await Promise.all([first, second])).toEqual([{ key: 'new' }, { key: 'new' }]);
    expect(await known.once(content('1'), undefined, never)).toEqual({ key: 'new' });

    await expect(known.once(content('2'), undefined, never)).rejects.toThrow('stored again');
    expect(await known.once(content('2'), undefined, async () => ({ key: 'later' }))).toEqual({ key: 'later' });
  });

  it('stores nothing that the base has', async () => {
    await known.addBase(fileEntry('a', { ...content('1'), key: 'of the base' }));
    expect(await known.once(content('1'), undefined, never)).toEqual({ key: 'of the base' });
    await known.add(content('3'), { key: 'told' });
    expect(await known.once(content('3'), undefined, never)).toEqual({ key: 'told' });
  });
});
