import { expect, it } from '@jest/globals';
import { damageWords, depthWords, stalenessWords } from '../../../src/report/verify/words.ts';
import { DAMAGE, STALENESS } from './fixture.ts';

it.each([
  [{ level: 'objects' }, 'existence, size and ETag of every object'],
  [{ level: 'checksums' }, "the store's checksum of every object"],
  [{ level: 'data' }, 'every byte of every object'],
  [{ level: 'restore' }, 'a full restore, compared entry by entry'],
  [{ level: 'data', subset: { kind: 'part', part: 3, parts: 30 } }, 'every byte of the objects in share 3 of 30'],
  [
    { level: 'data', subset: { kind: 'sample', share: 0.005, seed: 'abc' } },
    'every byte of a sample of 0.5 % of the objects, drawn with the seed abc',
  ],
  [
    { level: 'data', subset: { kind: 'sample', share: 0.07, seed: 'abc' } },
    'every byte of a sample of 7 % of the objects, drawn with the seed abc',
  ],
] as const)('%j is called by what it looks at', (asked, words) => {
  expect(depthWords(asked)).toBe(words);
});

it('an age is said with its limit', () => {
  expect(stalenessWords(STALENESS, 'dist')).toContain('is 1 d 06 h old, and `max-age` is 26h.');
  expect(stalenessWords({ maxAge: STALENESS.maxAge }, 'dist')).toBe(
    'The series dist has no complete version, and `max-age` is 26h.',
  );
});

it('damage is called by its path, or by the key where it has none', () => {
  expect(damageWords(DAMAGE)).toBe('b/ü.txt: it is not there');
  const { path: _, ...whole } = DAMAGE;
  expect(damageWords(whole)).toBe(`${DAMAGE.key}: it is not there`);
});
