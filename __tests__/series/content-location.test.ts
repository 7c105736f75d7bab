import { describe, expect, it } from '@jest/globals';
import { locationAt, locationOf } from '../../src/series/content-location.ts';
import type { ContentLocation } from '../../src/series/model.ts';
import { fileEntry } from './series-fixture.ts';

const slice = { offset: 1, bytes: 2, skip: 3 };
const forms: readonly ContentLocation[] = [
  { key: 'plain' },
  { key: 'plain', receipt: { md5: 'a'.repeat(32) } },
  { key: 'compressed', stored: { encoding: 'zstd', bytes: 3, sha256: '0'.repeat(64) }, receipt: { etag: 'e' } },
  { key: 'packed', slice },
  { key: 'packed', slice: { ...slice, member: 'another' } },
];

const bare = ({ key: _, ...rest } = fileEntry('a')) => rest;

describe('the location of a content', () => {
  it.each(forms)('comes back for the path it is of: %j', (location) => {
    const entry = { ...bare(), ...location };
    expect(locationAt('a', locationOf(entry))).toEqual(location);
  });

  it('names the member for every other path', () => {
    const entry = { ...bare(), key: 'packed', slice };
    expect(locationAt('b', locationOf(entry))).toEqual({ key: 'packed', slice: { ...slice, member: 'a' } });
    const copied = { ...entry, path: 'b', slice: { ...slice, member: 'a' } };
    expect(locationAt('c', locationOf(copied))).toEqual({ key: 'packed', slice: { ...slice, member: 'a' } });
    expect(locationAt('a', locationOf(copied))).toEqual({ key: 'packed', slice });
  });
});
