import { describe, expect, it } from '@jest/globals';
import { pinFacts, pinWords } from '../../../src/report/pin/words.ts';
import { PIN, RUN } from '../command-report.ts';

describe('pinWords', () => {
  it('says who, when and why', () => {
    const pin = pinFacts({ ...PIN, reason: 'audit' });
    expect(pin).toEqual({ by: 'octocat', time: PIN.time, reason: 'audit', url: RUN.url });
    expect(pinWords(pin)).toBe('pinned by octocat on 2026-11-23 01:02:03 UTC: audit');
  });

  it('leaves out what is not known', () => {
    expect(pinWords(undefined)).toBe('pinned');
    expect(pinWords(pinFacts({ ...PIN, reason: '', run: { ...RUN, actor: '' } }))).toBe(
      'pinned on 2026-11-23 01:02:03 UTC',
    );
  });
});
