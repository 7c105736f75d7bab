import { describe, expect, it } from '@jest/globals';
import { InputError } from '../../src/errors.ts';
import { Findings } from '../../src/selection/findings.ts';
import { MAX_SKIPPED_EXAMPLES } from '../../src/selection/types.ts';

function refusal(findings: Findings): unknown {
  try {
    findings.throwIfRefused();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('Findings', () => {
  it('counts what was skipped and keeps the first examples', () => {
    const findings = new Findings();
    for (let number = 0; number < MAX_SKIPPED_EXAMPLES + 5; number++) findings.skip('hidden', `.h${number}`);
    findings.skip('special', 'fifo');
    expect(findings.skipped.hidden.count).toBe(MAX_SKIPPED_EXAMPLES + 5);
    expect(findings.skipped.hidden.examples).toHaveLength(MAX_SKIPPED_EXAMPLES);
    expect(findings.skipped.hidden.examples[0]).toBe('.h0');
    expect(findings.skipped.special).toEqual({ count: 1, examples: ['fifo'] });
    expect(findings.skipped.credentials).toEqual({ count: 0, examples: [] });
  });

  it('counts what vanished and keeps the first examples', () => {
    const findings = new Findings();
    expect(findings.vanished).toEqual({ count: 0, examples: [] });
    for (let number = 0; number < MAX_SKIPPED_EXAMPLES + 5; number++) findings.vanish(`f${number}`);
    expect(findings.vanished.count).toBe(MAX_SKIPPED_EXAMPLES + 5);
    expect(findings.vanished.examples).toHaveLength(MAX_SKIPPED_EXAMPLES);
    expect(findings.vanished.examples[0]).toBe('f0');
  });

  it('is content where nothing was refused', () => {
    expect(refusal(new Findings())).toBeUndefined();
  });

  it('names a refused path, the rule and the remedy', () => {
    const findings = new Findings();
    findings.refuse('"a\\nb"', 'it has 1100 bytes and S3 allows 1024');
    const error = refusal(findings);
    expect(error).toBeInstanceOf(InputError);
    expect(error).toMatchObject({
      input: 'path',
      message:
        `A path that 'path' selects cannot be stored: "a\\nb" (it has 1100 bytes and S3 allows 1024); rename it, or ` +
        `exclude it with a '!' line in 'path'.`,
    });
  });

  it('names the first ones of many', () => {
    const findings = new Findings();
    for (let number = 1; number <= 7; number++) findings.refuse(`"${number}"`, 'no');
    expect(refusal(findings)).toMatchObject({
      message:
        `7 paths that 'path' selects cannot be stored: "1" (no), "2" (no), "3" (no), "4" (no), "5" (no) and 2 more; ` +
        `rename them, or exclude them with a '!' line in 'path'.`,
    });
  });
});
