import { describe, expect, it } from '@jest/globals';
import { jsonText } from '../../src/cli/json-text.ts';

/** A terminal escape of one byte, a turn of direction, a tag beyond U+FFFF, half a pair, and what may stay. */
const HOSTILE = 'a\u009b2J\u202eb\u2028\u{e0041}\ud800 \u00fc \u{1f600} \n';

describe('jsonText', () => {
  it('is the same value when parsed', () => {
    expect(JSON.parse(jsonText({ [HOSTILE]: [HOSTILE, 1, true, null] }))).toEqual({
      [HOSTILE]: [HOSTILE, 1, true, null],
    });
  });

  it('has nothing that a terminal obeys or does not show', () => {
    const text = jsonText(HOSTILE);
    expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
    expect(text).toContain('\\u009b2J\\u202eb\\u2028\\udb40\\udc41\\ud800 \u00fc \u{1f600} \\n');
  });
});
