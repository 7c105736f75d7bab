import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MAX_PREFIX_BYTES, readStoreInputs } from '../../src/inputs/store.ts';
import { keyProblem } from '../../src/store/object-key.ts';
import { readerOf } from '../github/support.ts';

const REPOSITORY = 'octo-org/demo';

describe('readStoreInputs', () => {
  it.each([
    ['', ''],
    ['/', ''],
    ['backups', 'backups'],
    ['/backups/', 'backups'],
    ["team-1/ci_(x)!'.", "team-1/ci_(x)!'."],
    ['p'.repeat(MAX_PREFIX_BYTES), 'p'.repeat(MAX_PREFIX_BYTES)],
  ])('takes the prefix %j as %j', (prefix, expected) => {
    expect(readStoreInputs(readerOf({ prefix }), REPOSITORY).prefix).toBe(expected);
  });

  it('takes no prefix that makes an impossible key', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', 'B', '/', '.', ' ', '*', 'ü'), maxLength: 12 }), (prefix) => {
        let accepted: string | undefined;
        try {
          accepted = readStoreInputs(readerOf({ prefix }), REPOSITORY).prefix;
        } catch {
          return;
        }
        expect(keyProblem([accepted, 'series/x'].filter((part) => part !== '').join('/'))).toBeUndefined();
      }),
    );
  });

  it('names the series after the repository where the event has none, as on schedules', () => {
    expect(readStoreInputs(readerOf({ name: '' }), REPOSITORY).series).toBe('demo');
  });

  it('asks for the name of the series where the repository cannot give it', () => {
    expect(() => readStoreInputs(readerOf({ name: '' }), '')).toThrow(
      'The input `name` is empty, but the repository of the run, whose name is the default, is not known: write',
    );
    expect(() => readStoreInputs(readerOf({ name: '' }), 'octo-org/.github')).toThrow('a series has up to 100 letters');
  });

  it.each([
    ['', 'auto', false],
    ['https://s3.example.com', 'auto', true],
    ['https://s3.example.com', 'false', false],
    ['', 'true', true],
  ])('with endpoint %j and force-path-style %s puts the bucket into the path: %s', (endpoint, choice, expected) => {
    const reader = readerOf({ endpoint, 'force-path-style': choice });
    expect(readStoreInputs(reader, REPOSITORY).forcePathStyle).toBe(expected);
  });

  it.each(['eu-west-1', 'us-gov-west-1', 'us-isob-east-1', 'ap-southeast-7', 'eusc-de-east-1'])(
    'takes the region %s of Amazon',
    (region) => expect(readStoreInputs(readerOf({ 'aws-region': region }), REPOSITORY).region).toBe(region),
  );

  it.each(['auto', 'default', 'EU2', 'nyc3'])('takes the region %s of another store', (region) => {
    const reader = readerOf({ 'aws-region': region, endpoint: 'https://s3.example.com' });
    expect(readStoreInputs(reader, REPOSITORY).region).toBe(region);
  });
});
