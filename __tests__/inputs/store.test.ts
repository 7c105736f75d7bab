import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MAX_PREFIX_BYTES, readStoreInputs } from '../../src/inputs/store.ts';
import { keyProblem } from '../../src/store/object-key.ts';
import { context, readerOf } from '../github/support.ts';

describe('readStoreInputs', () => {
  it.each([
    ['', ''],
    ['/', ''],
    ['backups', 'backups'],
    ['/backups/', 'backups'],
    ["team-1/ci_(x)!'.", "team-1/ci_(x)!'."],
    ['p'.repeat(MAX_PREFIX_BYTES), 'p'.repeat(MAX_PREFIX_BYTES)],
  ])('takes the prefix %j as %j', (prefix, expected) => {
    expect(readStoreInputs(readerOf({ prefix }), context).prefix).toBe(expected);
  });

  it('takes no prefix that makes an impossible key', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', 'B', '/', '.', ' ', '*', 'ü'), maxLength: 12 }), (prefix) => {
        let accepted: string | undefined;
        try {
          accepted = readStoreInputs(readerOf({ prefix }), context).prefix;
        } catch {
          return;
        }
        expect(keyProblem([accepted, 'series/x'].filter((part) => part !== '').join('/'))).toBeUndefined();
      }),
    );
  });

  it('names the series after the repository where the event has none, as on schedules', () => {
    expect(readStoreInputs(readerOf({ name: '' }), context).series).toBe('demo');
  });

  it('asks for the name of the series where the repository cannot give it', () => {
    expect(() => readStoreInputs(readerOf({ name: '' }), { ...context, repository: '' })).toThrow(
      'The input `name` is empty, but the repository of the run, whose name is the default, is not known: write',
    );
    const dotted = { ...context, repository: 'octo-org/.github' };
    expect(() => readStoreInputs(readerOf({ name: '' }), dotted)).toThrow('a series has up to 100 letters');
  });

  it.each([
    ['', 'auto', false],
    ['https://s3.example.com', 'auto', true],
    ['https://s3.example.com', 'false', false],
    ['', 'true', true],
  ])('with endpoint %j and force-path-style %s puts the bucket into the path: %s', (endpoint, choice, expected) => {
    const reader = readerOf({ endpoint, 'force-path-style': choice });
    expect(readStoreInputs(reader, context).forcePathStyle).toBe(expected);
  });

  it.each(['eu-west-1', 'us-gov-west-1', 'us-isob-east-1', 'ap-southeast-7', 'eusc-de-east-1'])(
    'takes the region %s of Amazon',
    (region) => expect(readStoreInputs(readerOf({ 'aws-region': region }), context).region).toBe(region),
  );

  it.each(['auto', 'default', 'EU2', 'nyc3'])('takes the region %s of another store', (region) => {
    const reader = readerOf({ 'aws-region': region, endpoint: 'https://s3.example.com' });
    expect(readStoreInputs(reader, context).region).toBe(region);
  });

  it('resolves placeholders in prefix and name', () => {
    const reader = readerOf({ prefix: '/team/{owner}/', name: '{repo}-{ref}-{matrix}', matrix: '{"os":"linux"}' });
    expect(readStoreInputs(reader, context)).toMatchObject({
      prefix: 'team/octo-org',
      series: 'demo-main-os.linux',
    });
  });

  it('holds what comes of a template to the rules of prefixes and names', () => {
    const long = readerOf({ prefix: Array.from({ length: 103 }, () => '{repo}').join('/') });
    expect(() => readStoreInputs(long, context)).toThrow('but it has 514 bytes and 512 are allowed: shorten it');
    expect(() => readStoreInputs(readerOf({ name: '{owner}/{repo}' }), context)).toThrow(
      'The input `name` is "{owner}/{repo}", but a series has up to 100 letters',
    );
  });
});
