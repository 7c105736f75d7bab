import { describe, expect, it } from '@jest/globals';
import { parseFaultScript } from '../../../../dev/s3-server/admin/fault-schema.ts';

describe('parseFaultScript', () => {
  it('makes expressions of patterns', () => {
    const json = {
      match: { operation: 'PutObject', key: { regexp: '^data/' }, request: 2 },
      times: 3,
      when: 'after',
      action: { type: 'error', status: 503, code: 'SlowDown' },
    };
    expect(parseFaultScript(json)).toEqual({ ...json, match: { ...json.match, key: /^data\//u } });
  });

  it.each([
    [{}, /action/],
    [{ action: { type: 'explode' } }, /type/],
    [{ action: { type: 'reset', afterBytes: 1 } }, /afterBytes/],
    [{ match: { operaton: 'x' }, action: { type: 'reset' } }, /operaton/],
    [{ action: { type: 'truncate', afterBytes: -1 } }, /afterBytes/],
  ])('%j is refused by name', (json, message) => {
    expect(() => parseFaultScript(json)).toThrow(message);
  });
});
