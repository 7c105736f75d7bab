import { describe, expect, it } from '@jest/globals';
import { versionSchema } from '../../src/inputs/version.ts';
import { readerOf } from '../github/support.ts';

const read = (version: string) => readerOf({ version }).read('version', versionSchema);

describe('the input version', () => {
  it.each(['latest', '7', '0123abc', 'run:1', '2026-11-20'])('takes %j', (version) => {
    expect(read(version)).toBe(version);
  });

  it.each(['newest', 'abc', '2026-02-30'])('refuses %j, and says what it can be', (version) => {
    expect(() => read(version)).toThrow(
      /^The input `version` is ".*", but it must be `latest`, a number, .*write one of these\.$/,
    );
  });

  it('refuses nothing at all', () => {
    expect(() => read('')).toThrow('The input `version` is empty, but it must be `latest`');
  });
});
