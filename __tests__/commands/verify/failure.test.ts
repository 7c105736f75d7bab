import { describe, expect, it } from '@jest/globals';
import { failureOf } from '../../../src/commands/verify/failure.ts';
import { aReport, DAMAGE, STALENESS } from '../../report/verify/fixture.ts';

describe('failureOf', () => {
  it('is none for a series that is intact', () => {
    expect(failureOf(aReport())).toBeUndefined();
  });

  it('says what is damaged, and where', () => {
    const damaged = { first: [DAMAGE], count: 3, file: '/tmp/list' };
    expect(failureOf(aReport({ damaged }))).toMatchObject({
      message: 'The series dist has 3 damaged entries in version 42: b/ü.txt: it is not there.',
      details: { class: 'permanent', code: 'DAMAGED', key: DAMAGE.key },
    });
  });

  it('says how to get a version that is intact, and which are hurt', () => {
    const damaged = { first: [DAMAGE], count: 1, file: '/tmp/list' };
    const { hint } = failureOf(aReport({ damaged }))?.details ?? {};
    expect(hint).toContain('Make a full version now (`incremental: off`)');
    expect(hint).toContain('leave its damaged files out by the lines `**` and `!<path>` of the input `path`.');
    expect(hint).toContain('`version: all` names every version that is hurt');
  });

  it('says how old the newest version is, and how old it may be', () => {
    expect(failureOf(aReport({ staleness: STALENESS }))).toMatchObject({
      message:
        'The newest version of dist, number 42 of 2026-11-22 08:09:10 UTC, is 1 d 06 h old, and `max-age` is 26h.',
      details: { code: 'TOO_OLD' },
    });
    expect(failureOf(aReport({ staleness: { maxAge: STALENESS.maxAge } }))).toMatchObject({
      message: 'The series dist has no complete version, and `max-age` is 26h.',
    });
  });

  it('says both, with the code of damage', () => {
    const damaged = { first: [DAMAGE], count: 1, file: '/tmp/list' };
    const failure = failureOf(aReport({ damaged, staleness: STALENESS }));
    expect(failure).toMatchObject({ details: { code: 'DAMAGED' } });
    expect(failure?.message).toMatch(/^The series dist has 1 damaged entry .* is 26h\.$/);
  });
});
