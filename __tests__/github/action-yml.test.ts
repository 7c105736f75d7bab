import { describe, expect, it } from '@jest/globals';
import { OUTPUT_NAMES } from '../../src/github/outputs.ts';
import { actionYaml } from './support.ts';

// That inputs are read if and only if they are declared is in inputs.test.ts.
describe('action.yml', () => {
  it('declares the outputs that are written, in their order', () => {
    expect(Object.keys(actionYaml.outputs)).toEqual([...OUTPUT_NAMES]);
  });

  it('describes every input and output in one sentence or more', () => {
    const descriptions = [...Object.values(actionYaml.inputs), ...Object.values(actionYaml.outputs)];
    expect(descriptions.filter(({ description }) => !/^[A-Z].*\.$/.test(description))).toEqual([]);
  });

  it('has texts for defaults: YAML would turn a bare `false` or `32` into something else', () => {
    const defaults = Object.values(actionYaml.inputs).map((input) => typeof input.default);
    expect(new Set(defaults)).toEqual(new Set(['string', 'undefined']));
  });
});
