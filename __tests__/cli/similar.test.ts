import { describe, expect, it } from '@jest/globals';
import { similarName } from '../../src/cli/similar.ts';

const NAMES = ['bucket', 'prefix', 'path', 'part-size', 'pack-size', 'retry-for'];

describe('similarName', () => {
  it.each([
    ['buckt', 'bucket'],
    ['bukcet', 'bucket'],
    ['buckets', 'bucket'],
    ['pat', 'path'],
    ['part_size', 'part-size'],
    ['retryfor', 'retry-for'],
  ])('%s: %s', (word, meant) => expect(similarName(word, NAMES)).toBe(meant));

  it.each(['', 'p', 'ab', 'region', '__proto__', 'x'.repeat(100_000)])('none for what is like no name', (word) => {
    expect(similarName(word, NAMES)).toBeUndefined();
  });

  it('chooses the nearest of several', () => expect(similarName('pact-size', [...NAMES].reverse())).toBe('pack-size'));
});
