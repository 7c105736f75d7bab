import { describe, expect, it } from '@jest/globals';
import { stateWords, storedWords } from '../../../src/report/list/words.ts';
import { NOTHING_PACKED, PACKED } from './list-reports.ts';

describe('stateWords', () => {
  it('explains only what needs it', () => {
    expect([stateWords('complete'), stateWords('incomplete')]).toEqual(['complete', 'incomplete']);
    expect(stateWords('removed')).toBe('removed, newer versions use parts of it');
  });
});

describe('storedWords', () => {
  it('names packs and compressed files only where there are some', () => {
    expect(storedWords(NOTHING_PACKED)).toBe('');
    expect(storedWords({ ...PACKED, compressed: NOTHING_PACKED.compressed })).toBe(
      '1,200 files of 3.0 MiB in 2 packs of 1.0 MiB',
    );
    expect(storedWords({ ...PACKED, packed: NOTHING_PACKED.packed })).toBe('1 file of 10 MiB compressed to 2.0 KiB');
  });
});
