import { describe, expect, it } from '@jest/globals';
import { stateCountWords, stateWords, storedWords } from '../../../src/report/list/words.ts';
import { NOTHING_PACKED, PACKED } from './list-reports.ts';

describe('stateWords', () => {
  it('explains only what needs it', () => {
    expect([stateWords('complete'), stateWords('incomplete')]).toEqual(['complete', 'incomplete']);
    expect(stateWords('removed')).toBe('removed, newer versions use parts of it');
  });
});

describe('stateCountWords', () => {
  it('counts as versions what can be restored, and names the others only where there are some', () => {
    expect(stateCountWords({ complete: 3, incomplete: 0, removed: 0 })).toBe('3 versions');
    expect(stateCountWords({ complete: 1, incomplete: 3, removed: 0 })).toBe('1 version, 3 incomplete');
    expect(stateCountWords({ complete: 0, incomplete: 1, removed: 2 })).toBe('0 versions, 1 incomplete, 2 removed');
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
