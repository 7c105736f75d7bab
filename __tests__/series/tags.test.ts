import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { InputError } from '../../src/errors.ts';
import type { RunInfo } from '../../src/series/model.ts';
import { MAX_USER_TAGS, objectTags } from '../../src/series/tags.ts';
import { taggingHeader } from '../../src/store/tagging-header.ts';

const CASES = { numRuns: 500 };
const VERSION = { id: 'dist_full_20261122T080910Z_000042' };
const RUN: RunInfo = {
  repository: 'acme/app',
  commit: '0123456789abcdef0123456789abcdef01234567',
  ref: 'refs/heads/main',
  workflow: 'Build',
  job: 'build',
  runId: '123456',
  runAttempt: '1',
  event: 'push',
  actor: 'octocat',
  url: 'https://github.com/acme/app/actions/runs/123456',
};

/** S3 API Reference, Tag. */
const S3_TEXT = /^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$/u;

/** The keys S3 would refuse, and `header` if all together are too long. */
function whatS3Refuses(tags: Readonly<Record<string, string>>): string[] {
  const isText = (text: string, max: number) =>
    S3_TEXT.test(text) && text.isWellFormed() && text.length > 0 && text.length <= max;
  const refused = Object.entries(tags)
    .filter(([key, value]) => !isText(key, 128) || !isText(value, 256) || key.toLowerCase().startsWith('aws:'))
    .map(([key]) => key);
  const isTooLong = Object.keys(tags).length > 10 || (taggingHeader(tags)?.length ?? 0) > 2048;
  return isTooLong ? [...refused, 'header'] : refused;
}

const OURS = new Set(['version', 'repository', 'commit', 'run-id', 'ref', 'workflow', 'run-attempt', 'event']);

const tagsOf = (userTags: Record<string, string>, run: Partial<RunInfo> = {}) =>
  objectTags({ ...RUN, ...run }, VERSION, userTags);

/** Anything a string can hold, lone surrogates included, and long runs of wide letters. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit))).map((units) => units.join('')),
  fc
    .tuple(fc.constantFrom('x', '語', '𝒜', '\ud800', ' ', '🦊'), fc.nat(400))
    .map(([character, length]) => character.repeat(length)),
  fc.constantFrom('aws:x', 'AWS:', ' version', '__proto__', 'event', '', '  '),
);
const anyRun = fc.record({
  repository: anyText,
  commit: anyText,
  ref: anyText,
  workflow: anyText,
  runId: anyText,
  runAttempt: anyText,
  event: anyText,
});
const anyUserTags = fc.dictionary(anyText, anyText, { maxKeys: MAX_USER_TAGS, noNullPrototype: true });

describe('objectTags', () => {
  it('carries the run and the version', () => {
    expect(tagsOf({})).toEqual({
      tags: {
        version: VERSION.id,
        repository: 'acme/app',
        commit: RUN.commit,
        'run-id': '123456',
        ref: 'refs/heads/main',
        workflow: 'Build',
        'run-attempt': '1',
        event: 'push',
      },
      dropped: [],
      cleaned: [],
    });
  });

  it('leaves out what a run does not have, without a word', () => {
    const { tags, dropped } = tagsOf({}, { workflow: '', event: '' });
    expect(Object.keys(tags)).toEqual(['version', 'repository', 'commit', 'run-id', 'ref', 'run-attempt']);
    expect(dropped).toEqual([]);
  });

  it('lets ours give way in the documented order', () => {
    const users = Object.fromEntries(Array.from({ length: MAX_USER_TAGS }, (_, index) => [`u${index}`, 'x']));
    const droppedFor = (count: number) => tagsOf(Object.fromEntries(Object.entries(users).slice(0, count))).dropped;
    expect([2, 3, 4, 5, 6, 7].map((count) => droppedFor(count).toReversed())).toEqual([
      [],
      ['event'],
      ['event', 'run-attempt'],
      ['event', 'run-attempt', 'workflow'],
      ['event', 'run-attempt', 'workflow', 'ref'],
      ['event', 'run-attempt', 'workflow', 'ref', 'run-id'],
    ]);
    expect(Object.keys(tagsOf(users).tags)).toEqual(['version', 'repository', 'commit', ...Object.keys(users)]);
  });

  it('lets a tag of the user replace ours of the same name', () => {
    const { tags, dropped } = tagsOf({ version: '1.2.3', Event: 'mine' });
    expect(tags).toMatchObject({ version: '1.2.3', Event: 'mine', event: 'push' });
    expect(dropped).toEqual([]);
  });

  it('keeps ours where the user gave an empty value for it', () => {
    expect(tagsOf({ ref: ' ' }).tags).toMatchObject({ ref: 'refs/heads/main' });
  });

  it.each([
    ['a\tb&c', 'a_b_c'],
    ['  ends \n', 'ends'],
    ['🦊!', '__'],
    ['\ud800x', '_x'],
    ['aws:x', 'aws_x'],
    ['AwS:x', 'AwS_x'],
    ['naïve 日本語', 'naïve 日本語'],
    ['x'.repeat(300), 'x'.repeat(256)],
    [`${'x'.repeat(255)}𝒜`, 'x'.repeat(255)],
    [`${'x'.repeat(255)} x`, 'x'.repeat(255)],
  ])('cleans %j', (given, value) => {
    const { tags, cleaned } = tagsOf({ team: given });
    expect(tags).toMatchObject({ team: value });
    expect(cleaned).toEqual(given === value ? [] : ['team']);
  });

  it('cleans names as it cleans values, and tells when two become one', () => {
    const { tags, dropped, cleaned } = tagsOf({ 'a?': '1', 'a!': '2', [`${'k'.repeat(200)}`]: '3' });
    expect(tags).toMatchObject({ a_: '1', ['k'.repeat(128)]: '3' });
    expect(dropped).toEqual(['a!']);
    expect(cleaned).toEqual(['a?', 'k'.repeat(200)]);
  });

  it('tells which tags of the user were empty', () => {
    expect(tagsOf({ team: '', '': 'x', cost: '7' }).dropped).toEqual(['team', '']);
  });

  it('shortens the longest values to a common length where the header would be too long', () => {
    const { tags, dropped, cleaned } = tagsOf({ a: '語'.repeat(256), b: '語'.repeat(200), c: 'short' });
    expect(tags.c).toBe('short');
    expect(tags.commit).toBe(RUN.commit);
    expect(tags.a).toBe(tags.b);
    expect(dropped).toEqual(['event']);
    expect(cleaned).toEqual(['a', 'b']);
    const room = 2048 - (taggingHeader(tags)?.length ?? 0);
    expect(room).toBeGreaterThanOrEqual(0);
    expect(room).toBeLessThan(2 * encodeURIComponent('語').length);
  });

  it('lets the last tags of the user go where their names alone fill the header', () => {
    const users = Object.fromEntries([0, 1, 2, 3].map((index) => [`${'語'.repeat(127)}${index}`, 'value']));
    const { tags, dropped } = tagsOf(users);
    expect(Object.keys(tags)).toEqual(['version', 'repository', 'commit', Object.keys(users)[0]]);
    expect(dropped).toEqual([...Object.keys(users).slice(1), 'run-id', 'ref', 'workflow', 'run-attempt', 'event']);
  });

  it('refuses more tags than there is room for', () => {
    const users = Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`u${index}`, 'x']));
    expect(() => tagsOf(users)).toThrow(InputError);
    expect(() => tagsOf(users)).toThrow(
      'tags has 8 lines, but S3 allows 10 tags per object and version, repository, commit take 3 of them; give at most 7.',
    );
  });
});

describe('properties of objectTags', () => {
  it('is always what S3 accepts', () => {
    fc.assert(
      fc.property(anyRun, anyUserTags, (run, userTags) => {
        expect(whatS3Refuses(tagsOf(userTags, run).tags)).toEqual([]);
      }),
      CASES,
    );
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(anyRun, anyUserTags, (run, userTags) => {
        const { tags } = tagsOf(userTags, run);
        const again = objectTags(
          {
            ...RUN,
            repository: tags.repository ?? '',
            commit: tags.commit ?? '',
            ref: tags.ref ?? '',
            workflow: tags.workflow ?? '',
            runId: tags['run-id'] ?? '',
            runAttempt: tags['run-attempt'] ?? '',
            event: tags.event ?? '',
          },
          { id: tags.version ?? '' },
          Object.fromEntries(Object.entries(tags).filter(([key]) => !OURS.has(key))),
        );
        expect(again.tags).toEqual(tags);
        expect(again.cleaned).toEqual([]);
      }),
      CASES,
    );
  });

  it('gives every tag of the user back, cleaned, unless it says that it was dropped', () => {
    fc.assert(
      fc.property(anyUserTags, (userTags) => {
        const { tags, dropped, cleaned } = tagsOf(userTags);
        for (const [name, value] of Object.entries(userTags)) {
          if (dropped.includes(name) || cleaned.includes(name)) continue;
          if (value.trim() === '') continue;
          expect(Object.entries(tags)).toContainEqual([name, value]);
        }
      }),
      CASES,
    );
  });
});
