import { expect, it } from '@jest/globals';
import { stalenessOf } from '../../src/verification/staleness.ts';
import { ID, TIME } from '../series/series-fixture.ts';

const maxAge = { ms: 1000, text: '1s' };
const newest = { id: ID, number: 42, type: 'full', time: TIME } as const;
const older = { ...newest, number: 41, time: new Date(0) };

it.each([
  [-5000, undefined],
  [0, undefined],
  [1000, undefined],
  [1001, { maxAge, newest: { version: newest, ageMs: 1001 } }],
])('%i ms after the newest version the series is judged by it alone', (ms, expected) => {
  expect(stalenessOf([older, newest], maxAge, new Date(TIME.getTime() + ms))).toEqual(expected);
});

it('a series without versions is too old', () => {
  expect(stalenessOf([], maxAge, TIME)).toEqual({ maxAge });
});
