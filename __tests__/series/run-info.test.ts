import { describe, expect, it } from '@jest/globals';
import { runInfoSchema } from '../../src/series/run-info.ts';
import { RUN } from './series-fixture.ts';

describe('runInfoSchema', () => {
  it('takes what a run is described by, and nothing more', () => {
    expect(runInfoSchema.parse({ ...RUN, later: 'field' })).toEqual(RUN);
  });

  it('takes empty text: not every event has a ref or an actor', () => {
    const empty = Object.fromEntries(Object.keys(RUN).map((name) => [name, '']));
    expect(runInfoSchema.parse(empty)).toEqual(empty);
  });

  it.each(Object.keys(RUN))('needs %s, as text', (name) => {
    const { [name as keyof typeof RUN]: _removed, ...without } = RUN;
    expect(runInfoSchema.safeParse(without).success).toBe(false);
    expect(runInfoSchema.safeParse({ ...RUN, [name]: 1 }).success).toBe(false);
  });
});
