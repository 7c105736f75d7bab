import { describe, expect, it } from '@jest/globals';
import { isEarlierAttempt, isSameJob } from '../../src/series/same-run.ts';
import { RUN } from './series-fixture.ts';

const again = (runAttempt: string) => ({ ...RUN, runAttempt });

describe('isEarlierAttempt', () => {
  it.each([
    ['1', '2', true],
    ['2', '10', true],
    ['2', '2', false],
    ['3', '2', false],
    ['', '2', false],
    ['1', '', false],
    ['one', '2', false],
  ])('of %j before %j is %j', (before, now, expected) => {
    expect(isEarlierAttempt(again(before), again(now))).toBe(expected);
  });

  it.each([{ job: 'other' }, { runId: '9' }, { repository: 'acme/other' }])('is none of another job: %j', (other) => {
    expect(isEarlierAttempt({ ...RUN, ...other }, again('2'))).toBe(false);
  });
});

describe('isSameJob', () => {
  it('is none outside a workflow', () => {
    const nowhere = { ...RUN, runId: '' };
    expect(isSameJob(nowhere, nowhere)).toBe(false);
    expect(isSameJob(RUN, again('2'))).toBe(true);
  });
});
