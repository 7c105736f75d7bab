import { describe, expect, it } from '@jest/globals';
import { InputError } from '../../src/errors.ts';
import { keptNumbers, planOf, versionAt } from './versions.ts';

const day = (number: number) => `2026-11-0${number}T00:00:00Z`;
const VERSIONS = [
  versionAt(1, day(1), { release: 'true', team: 'core' }),
  versionAt(2, day(2), { release: 'false' }),
  versionAt(3, day(3), {}),
  versionAt(4, day(4), { team: 'web' }),
  versionAt(5, day(5), {}),
];

describe('keep-tag', () => {
  it('keeps what has one of the tags, and names it', () => {
    const keepTags = [{ key: 'release', value: 'true' }, { key: 'team' }];
    const plan = planOf(VERSIONS, { keepTags });
    expect(keptNumbers(plan)).toEqual([5, 4, 1]);
    expect(plan.decisions.map(({ reasons }) => reasons.join(', '))).toEqual([
      'newest version',
      'tag team',
      'without any of the tags release=true, team',
      'without any of the tags release=true, team',
      'tag release=true, team',
    ]);
  });

  it('is OR-ed with the other rules', () => {
    expect(keptNumbers(planOf(VERSIONS, { keepLast: 2, keepTags: [{ key: 'release', value: 'true' }] }))).toEqual([
      5, 4, 1,
    ]);
  });

  it('keeps a version whose tags could not be read', () => {
    const unread = VERSIONS.map((version) => (version.number === 3 ? versionAt(3, day(3)) : version));
    const plan = planOf(unread, { keepTags: [{ key: 'release', value: 'true' }] });
    expect(keptNumbers(plan)).toEqual([5, 3, 1]);
    expect(plan.decisions[2]?.reasons).toEqual(['its tags could not be read']);
  });

  it.each([
    [{ key: 'relase', value: 'true' }, '"relase=true"'],
    [{ key: 'release', value: 'yes' }, '"release=yes"'],
    [{ key: 'constructor' }, '"constructor"'],
  ])('refuses %j, which no version has, and names those there are', (tag, shown) => {
    const plan = () => planOf(VERSIONS, { keepLast: 1, keepTags: [{ key: 'team' }, tag] });
    expect(plan).toThrow(InputError);
    expect(plan).toThrow(
      `keep-tag is ${shown}, but no version of the series has this tag, so nothing was deleted: correct it or take it ` +
        'out (there is "release=true", "team=core", "release=false", "team=web").',
    );
  });

  it('says of a series without tags that it has none', () => {
    expect(() => planOf([versionAt(1, day(1), {})], { keepTags: [{ key: 'a' }] })).toThrow(
      '(its versions have no tags)',
    );
  });

  it('names a few tags only', () => {
    const tags = Object.fromEntries(Array.from({ length: 7 }, (_, index) => [`t${index}`, '1']));
    expect(() => planOf([versionAt(1, day(1), tags)], { keepTags: [{ key: 'a' }] })).toThrow(/"t4=1" …\)/);
  });

  it('has nothing to refuse in an empty series', () => {
    expect(planOf([], { keepTags: [{ key: 'a' }] }).decisions).toEqual([]);
  });
});
