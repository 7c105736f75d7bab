import { describe, expect, it } from '@jest/globals';
import {
  furtherPlanLines,
  MAX_PLANNED_LINES,
  plannedOutputLine,
  plannedUploadLine,
  uncomparedLines,
} from '../../src/report/planned-uploads.ts';

describe('the plan of an upload', () => {
  it('aligns sizes and shows odd names safely', () => {
    expect(plannedUploadLine({ path: 'a b', size: 512 }, false)).toBe('would upload       512 B  a b');
    expect(plannedUploadLine({ path: '\n::x', size: 1536 }, true)).toBe('would pack       1.5 KiB  \\n\\u003a:x');
    expect(plannedOutputLine('\n::x')).toBe('would run the command and upload its output  \\n\\u003a:x');
  });

  it('says of an incremental version with what it was not compared', () => {
    expect(uncomparedLines(undefined)).toEqual([]);
    expect(uncomparedLines({ number: 7 })).toEqual([
      'Not compared with version 7: what it has would not be sent again',
    ]);
  });

  it('ends with what the list leaves out, and with what needs no upload', () => {
    const totals = { files: MAX_PLANNED_LINES, symlinks: 0, directories: 0, bytes: 0 };
    expect(furtherPlanLines(totals)).toEqual([]);
    expect(furtherPlanLines({ ...totals, files: MAX_PLANNED_LINES + 1, symlinks: 1, directories: 2 })).toEqual([
      '… and 1 more file',
      '1 symbolic link and 2 empty directories would be noted in the index',
    ]);
  });
});
