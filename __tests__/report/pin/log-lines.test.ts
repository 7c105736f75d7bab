import { describe, expect, it } from '@jest/globals';
import { pinLines } from '../../../src/report/pin/log-lines.ts';
import { COMMON, PIN, VERSION } from '../command-report.ts';

const WHO = 'pinned by octocat on 2026-11-23 01:02:03 UTC: audit';
const pin = { ...PIN, reason: 'audit' };

describe('pinLines', () => {
  it.each([
    [{ state: 'pinned', changed: true, pin }, `is ${WHO}`],
    [{ state: 'pinned', changed: false, pin }, `was pinned before and stays so: ${WHO}`],
    [{ state: 'pinned', changed: false }, 'was pinned before and stays so: pinned'],
    [{ state: 'unpinned', changed: true, pin }, `is no longer pinned; it was ${WHO}`],
    [{ state: 'unpinned', changed: false }, 'was not pinned'],
  ] as const)('of %j', (outcome, words) => {
    expect(pinLines({ ...COMMON, version: VERSION, ...outcome })).toEqual([`Version 42 (${VERSION.id}) ${words}`]);
  });

  it('are safe for the log, whatever the reason', () => {
    const [line] = pinLines({ ...COMMON, version: VERSION, state: 'pinned', changed: true, pin: PIN });
    expect(line).toMatch(/audit \| \*all\* @octocat\\n\\u003a:error\\u003a:x$/);
  });
});
