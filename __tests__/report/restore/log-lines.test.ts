import { describe, expect, it } from '@jest/globals';
import { restoreLines } from '../../../src/report/restore/log-lines.ts';
import { NOT_FOUND, RESTORED } from './fixture.ts';

describe('restoreLines', () => {
  it('says what is where, what it took and what is not there', () => {
    expect(restoreLines(RESTORED)).toEqual([
      'Version 42 of dist restored into /work/restored-dist-000042-abc: 3 files (4.0 KiB) and 1 symbolic link; ' +
        'fetched 2.0 KiB in 2.0 s (1.0 KiB/s), 10 requests',
      '1 entry were there already, the same, and stayed untouched',
      '5 entries of the version were not asked for by `path`',
      '2 entries had no path left after `strip-components`',
    ]);
  });

  it('says why nothing was restored', () => {
    expect(restoreLines(NOT_FOUND)).toEqual(['Nothing was restored: The version "7" was not found.']);
  });

  it('lets nothing in a name be taken for a command of the workflow', () => {
    const target = '/x\n::set-output name=a::b';
    const [line = ''] = restoreLines({ ...RESTORED, restored: { ...RESTORED.restored, target } });
    expect(line).not.toMatch(/\n|::/);
  });
});
