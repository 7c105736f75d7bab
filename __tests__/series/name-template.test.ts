import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SERIES_NAME } from '../../src/series/keys.ts';
import { fillNameTemplate, type PlaceholderValue, parseNameTemplate } from '../../src/series/name-template.ts';

type Values = Readonly<Record<string, string>>;

const telling = (text: string): PlaceholderValue => ({ text, identity: text, isTelling: true });

function fill(template: string, values: Values): string {
  const parsed = parseNameTemplate(template);
  if (parsed === undefined) throw new Error(`no template: ${template}`);
  return fillNameTemplate(parsed, new Map(Object.entries(values).map(([name, text]) => [name, telling(text)])));
}

const DIGEST = '-[0-9a-f]{16}';

describe('parseNameTemplate', () => {
  it('finds the placeholders of all segments', () => {
    expect([...(parseNameTemplate('x/{a}-{b}/{a}')?.placeholders ?? [])]).toEqual(['a', 'b']);
  });

  it.each(['{', '}', 'x}', '{a', '{{a}}', '{a}}', 'a/{/}', '{a/b}'])('takes %j for no template', (template) => {
    expect(parseNameTemplate(template)).toBeUndefined();
  });
});

describe('fillNameTemplate', () => {
  it.each([
    ['plain', {}, 'plain'],
    ['plain-0123456789abcdef', {}, 'plain-0123456789abcdef'],
    ['/x/', {}, '/x/'],
    ['{a}', { a: 'api' }, 'api'],
    ['{a}', { a: 'my-app_2.x' }, 'my-app_2.x'],
    ['x-{a}-{b}-y', { a: 'api', b: 'main' }, 'x-api-main-y'],
    ['{a}_{b}', { a: 'my-app', b: 'main' }, 'my-app_main'],
    ['{a}/{b}', { a: 'my-org', b: 'my-app' }, 'my-org/my-app'],
    ['{a}.{a}', { a: 'x' }, 'x.x'],
  ])('leaves what tells its values as it is: %s of %j is %s', (template, values: Values, expected) => {
    expect(fill(template, values)).toBe(expected);
  });

  it.each([
    // What git, GitHub and people allow in names of branches and workflows, and what they do not.
    ['{a}', { a: 'feature/login' }, 'feature-login'],
    ['{a}', { a: '../..' }, 'x'],
    ['{a}', { a: '.' }, 'x'],
    ['{a}', { a: '.github' }, 'github'],
    ['{a}', { a: '$(touch /tmp/x)' }, 'touch-tmp-x'],
    ['{a}', { a: 'a\nb\r\0c' }, 'a-b-c'],
    ['{a}', { a: 'größe' }, 'gr-e'],
    ['{a}', { a: '日本語' }, 'x'],
    ['{a}', { a: '\ud800' }, 'x'],
    ['{a}', { a: 'a*?b' }, 'a-b'],
    ['{a}', { a: 'r'.repeat(300) }, 'r'.repeat(83)],
    ['{a}', { a: `/${'r'.repeat(300)}` }, 'r'.repeat(39)],
    ['{a}-{b}', { a: 'my-app', b: 'main' }, 'my-app-main'],
    ['{a}{b}', { a: 'my', b: 'app' }, 'myapp'],
    ['{a}', { a: 'api-0123456789abcdef' }, 'api-0123456789abcdef'],
    ['{a}/x-{b}', { a: 'org', b: 'a/b' }, 'org/x-a-b'],
    ['x-{a}-y', { a: 'a/b' }, 'x-a-b-y'],
  ])(
    'adds a digest where the text alone would not tell: %s of %j begins with %s',
    (template, values: Values, start) => {
      const escaped = start.replaceAll('.', '\\.');
      expect(fill(template, values)).toMatch(new RegExp(`^${escaped}${DIGEST}$`));
    },
  );

  it('reads no placeholder in a value', () => {
    expect(fill('{a}', { a: 'a{b}c', b: 'SECRET' })).toMatch(/^a-b-c-[0-9a-f]{16}$/);
    expect(fill('{a}', { a: '{b}', b: 'SECRET' })).toMatch(/^b-[0-9a-f]{16}$/);
  });

  it('always gives the same text for the same values', () => {
    expect(fill('{a}', { a: 'feature/login' })).toBe('feature-login-24e0ff1b6190d020');
  });

  it('adds a digest to a text that does not tell its value by itself', () => {
    const template = parseNameTemplate('{a}') ?? { segments: [], placeholders: new Set() };
    const of = (identity: string) =>
      fillNameTemplate(template, new Map([['a', { text: 'v1', identity, isTelling: false }]]));
    expect(of('tag v1')).toMatch(/^v1-[0-9a-f]{16}$/);
    expect(of('tag v1')).not.toBe(of('pull v1'));
  });

  const hostile = fc.oneof(
    fc.string({
      unit: fc.constantFrom('a', 'b', '-', '_', '.', '/', '{', '}', '*', '\n', 'ü'),
      minLength: 1,
      maxLength: 6,
    }),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 300 }),
    fc.constantFrom('x-0123456789abcdef', '..', 'a{b}c', 'r'.repeat(100)),
  );
  const templates = fc.constantFrom('{a}', '{a}{b}', '{a}-{b}', '{b}_{a}', 'x.{a}--{b}-y', '{a}-{b}-{a}');
  const CASES = { numRuns: 2000 };

  it('always makes a name of a series', () => {
    fc.assert(
      fc.property(templates, hostile, hostile, (template, a, b) => {
        expect(fill(template, { a, b })).toMatch(SERIES_NAME);
      }),
      CASES,
    );
  });

  it('never makes one name of two combinations of values', () => {
    // Short texts of few characters, so that many combinations would meet.
    const short = fc.string({ unit: fc.constantFrom('a', 'a', '-', '_'), minLength: 1, maxLength: 3 });
    const combination = fc.tuple(
      fc.oneof({ weight: 5, arbitrary: short }, hostile),
      fc.oneof({ weight: 5, arbitrary: short }, hostile),
    );
    fc.assert(
      fc.property(
        fc.constantFrom('{a}{b}', '{a}-{b}', '{b}_{a}', 'x.{a}--{b}-y', '{a}-{b}-{a}', '{a}/{b}'),
        fc.array(combination, { minLength: 2, maxLength: 12 }),
        (template, combinations) => {
          const distinct = new Map(combinations.map((values) => [JSON.stringify(values), values]));
          const names = new Set(Array.from(distinct.values(), ([a, b]) => fill(template, { a, b })));
          expect(names.size).toBe(distinct.size);
        },
      ),
      CASES,
    );
  });

  it('never makes the name of a value of what was made of another', () => {
    fc.assert(
      fc.property(hostile, (value) => {
        const name = fill('{a}', { a: value });
        expect(name === value || fill('{a}', { a: name }) !== name).toBe(true);
      }),
      CASES,
    );
  });
});
