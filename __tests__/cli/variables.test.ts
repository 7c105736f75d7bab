import { describe, expect, it } from '@jest/globals';
import { ownVariables, variableInputs, variableOf } from '../../src/cli/variables.ts';

describe('variableOf', () => {
  it('is the name in capitals', () => expect(variableOf('aws-region')).toBe('VSB_AWS_REGION'));
});

describe('variableInputs', () => {
  it('has the inputs that are set, also to nothing, and nothing else of the environment', () => {
    const inputs = variableInputs({ VSB_AWS_REGION: 'eu-west-1', VSB_PREFIX: '', VSB_NAME: undefined, BUCKET: 'x' });
    expect([...inputs]).toEqual([
      ['aws-region', 'eu-west-1'],
      ['prefix', ''],
    ]);
  });

  it('leaves what is about the run to others', () => {
    const own = { VSB_CONFIG: 'a', VSB_PROFILE: 'b', VSB_ID_TOKEN_FILE: 'c', VSB_ID_TOKEN: 'd' };
    expect(variableInputs(own).size).toBe(0);
    expect(ownVariables(own)).toEqual({ config: 'a', profile: 'b', idTokenFile: 'c', idToken: 'd' });
    expect(ownVariables({ VSB_PROFILE: ' ' })).toEqual({});
  });

  it.each([
    [
      { VSB_BUKCET: 'x' },
      'The environment has the variable `VSB_BUKCET`, but no command has such an input: correct it (did you mean `VSB_BUCKET`?), or unset it.',
    ],
    [
      { VSB_A: '', VSB_B: '' },
      'has the variables `VSB_A` and `VSB_B`, but no command has such an input: correct them, or',
    ],
    [{ VSB_CONFG: '' }, 'correct it (did you mean `VSB_CONFIG`?), or unset it.'],
  ])('refuses %j', (variables, sentence) => {
    expect(() => variableInputs(variables)).toThrow(sentence);
  });
});
