import { describe, expect, it } from '@jest/globals';
import { parsePinInputs } from '../../src/inputs/pin.ts';
import { actionYamlOf, context, type Inputs, minimalInputsOf, sourceOf } from '../github/support.ts';

const MINIMAL = minimalInputsOf(actionYamlOf('pin'));
const parse = (inputs: Inputs) => parsePinInputs(sourceOf({ ...MINIMAL, ...inputs }), context);

describe('parsePinInputs', () => {
  it('pins unless told otherwise, with no reason', () => {
    expect(parse({ version: '42' })).toMatchObject({
      version: '42',
      state: 'pinned',
      reason: '',
      store: { series: 'demo' },
    });
  });

  it('knows how the pin is to be encrypted', () => {
    expect(parse({ sse: 'AES256' }).store.encryption).toEqual({ algorithm: 'AES256' });
    expect(parse({}).store).not.toHaveProperty('encryption');
  });

  it('counts characters of a reason, not UTF-16 units', () => {
    expect(parse({ reason: '🦊'.repeat(1000) }).reason).toHaveLength(2000);
  });

  it.each<[Inputs, RegExp]>([
    [{ version: '' }, /^The input `version` is empty, but it must be `latest`, a number/],
    [{ state: 'pin' }, /^The input `state` is "pin", but it must be one of `pinned` and `unpinned`: /],
    [{ reason: 'x'.repeat(1001) }, /^The input `reason` is "x+…x+", but it has 1001 characters and 1000 are allowed: /],
  ])('refuses %j', (inputs, message) => {
    expect(() => parse(inputs)).toThrow(expect.objectContaining({ message: expect.stringMatching(message) }));
  });
});
