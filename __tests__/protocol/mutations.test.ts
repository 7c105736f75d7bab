import { describe, expect, it } from '@jest/globals';
import { exploreAll } from './explore.ts';
import {
  CLAIM_AFTER_BASE_CHECK,
  CONFLICT_TAKEN_AS_LOST,
  DATA_BEFORE_RECORD,
  NONCE_IGNORED,
  ONE_PLACE_FOR_ALL_TURNS,
  RECORD_SENT_AGAIN_BLINDLY,
  TURN_WITHOUT_CONDITION,
} from './mutations.ts';
import { type Cast, scenario } from './scenarios.ts';

const LEANING: Cast = { versions: 2, writers: 0, leaners: 1, pruners: 1 };
const PRUNING: Cast = { versions: 2, writers: 0, pruners: 1 };
const WRITING: Cast = { versions: 1, writers: 2 };
const RESUMING: Cast = { versions: 0, writers: 1, resumers: 1, changed: true };
const RESUMING_TWICE: Cast = { versions: 0, writers: 0, resumers: 2, killedAttempt: true };
const REPLY_LOST: Cast = { versions: 0, writers: 1, killedAttempt: true, survives: true, pruners: 1, faults: 1 };
const CONFLICT: Cast = { versions: 1, writers: 1, faults: 1 };

/** A proof that cannot fail proves nothing: each of these protocols is broken, and it has to say so. */
describe('the proof fails for a protocol in which', () => {
  it.each([
    [
      'the claim comes after the look at the base',
      LEANING,
      CLAIM_AFTER_BASE_CHECK,
      /is visible, but .* is not what was stored/,
    ],
    ['the data goes before the record', PRUNING, DATA_BEFORE_RECORD, /is visible, but .* is not what was stored/],
    [
      'the nonce of a claim is ignored',
      WRITING,
      NONCE_IGNORED,
      /two versions have one number|should have succeeded|is not what was stored/,
    ],
    [
      'an attempt writes where an earlier one does, which is alive',
      RESUMING,
      ONE_PLACE_FOR_ALL_TURNS,
      /is visible, but .* is not what was stored/,
    ],
    [
      'two attempts go on with a claim at once, without a condition',
      RESUMING_TWICE,
      TURN_WITHOUT_CONDITION,
      /is visible, but .* is not what was stored/,
    ],
    [
      'a record is sent again without a look at what has happened since',
      REPLY_LOST,
      RECORD_SENT_AGAIN_BLINDLY,
      /is visible, but .* is not what was stored/,
    ],
    ['a 409 is taken for a lost race', CONFLICT, CONFLICT_TAKEN_AS_LOST, /should have succeeded/],
  ])('%s', async (_what, cast, steps, violation) => {
    await expect(exploreAll(scenario({ ...cast, steps }))).rejects.toThrow(violation);
    // And not for the real one.
    expect((await exploreAll(scenario(cast))).schedules).toBeGreaterThan(0n);
  });
});
