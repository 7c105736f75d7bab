import { describe, expect, it } from '@jest/globals';
import { checkMember, claimOf, headerAt, type MemberClaim } from '../../src/pack/member-claim.ts';
import type { TarMember } from '../../src/pack/tar-format.ts';
import { encodeHeader } from '../../src/pack/tar-writer.ts';
import { fileEntry } from '../series/series-fixture.ts';

const slice = { offset: 0, bytes: 9, skip: 512 };
const entry = fileEntry('a', { slice });
const member: TarMember = {
  type: 'file',
  path: 'a',
  mode: 0o644,
  mtimeNs: BigInt(Date.parse(entry.mtime)) * 1_000_000n,
  size: entry.size,
  target: '',
};

describe('claimOf', () => {
  it('has mode and time only where the member was written for this very entry', () => {
    const { path: name, size, sha256, mode, mtime } = entry;
    expect(claimOf(entry, slice, true)).toEqual({ name, size, sha256, skip: 512, mode, mtime });
    expect(claimOf(entry, slice, false)).toEqual({ name, size, sha256, skip: 512 });
    expect(claimOf(entry, { ...slice, member: 'b' }, true)).toEqual({ name: 'b', size, sha256, skip: 512 });
  });
});

describe('checkMember', () => {
  const own = claimOf(entry, slice, true);

  it('takes the member the index speaks of', () => {
    expect(() => checkMember(member, own)).not.toThrow();
  });

  it.each<[string, Partial<TarMember>, RegExp]>([
    ['type', { type: 'hard-link', target: 'b', size: 0 }, /its type is file, and the tar header says hard-link/],
    ['name', { path: 'b\n' }, /its name is "a", and the tar header says "b\\n"/],
    ['size', { size: 6 }, /its size is 5, and the tar header says 6/],
    ['mode', { mode: 0o4644 }, /its mode is 0644, and the tar header says 4644/],
    ['time', { mtimeNs: 1n }, /its time is .*, and the tar header says 1970-01-01T00:00:00\.000000001Z/],
  ])('names another %s', (_, fields, problem) => {
    expect(() => checkMember({ ...member, ...fields }, own)).toThrow(problem);
  });

  it('does not ask for mode and time of a member that was written for another entry', () => {
    const shared: MemberClaim = claimOf(entry, slice, false);
    expect(() => checkMember({ ...member, mode: 0o777, mtimeNs: 1n }, shared)).not.toThrow();
  });
});

describe('headerAt', () => {
  it('reads a header, and says so where there is none', () => {
    expect(headerAt(encodeHeader(member)).member).toEqual(member);
    expect(() => headerAt(Buffer.alloc(1024))).toThrow('there is no tar header');
    expect(() => headerAt(encodeHeader(member).subarray(1))).toThrow('there is no tar header');
    expect(() => headerAt(Buffer.alloc(512, 'x'))).toThrow('not in the ustar format');
  });
});
