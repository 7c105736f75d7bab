import { describe, expect, it } from '@jest/globals';
import type { ActionDefinition } from '../../../dev/runner/action.ts';
import { inputVariable, resolveInputs } from '../../../dev/runner/inputs.ts';

const expression = (text: string) => `$${'{{'} ${text} }}`;

const ACTION: ActionDefinition = {
  name: 'Backup',
  main: '/action/main.js',
  inputs: new Map([
    ['bucket', { default: '' }],
    ['name', { default: `${expression('github.repository')}-${expression('github.ref_name')}` }],
    ['old-name', { default: '', deprecationMessage: 'use name' }],
  ]),
};
const CONTEXTS = {
  github: new Map([
    ['repository', 'octo/demo'],
    ['ref_name', 'main'],
  ]),
};

describe('resolveInputs', () => {
  it('fills in what is not given, and evaluates expressions', () => {
    const { values, warnings } = resolveInputs(ACTION, { bucket: 'b' }, CONTEXTS);
    expect(Object.fromEntries(values)).toEqual({ bucket: 'b', name: 'octo/demo-main', 'old-name': '' });
    expect(warnings).toEqual([]);
  });

  it('keeps a given value, an empty one and one that looks like an expression included', () => {
    const given = { name: '', bucket: expression('github.sha') };
    expect(Object.fromEntries(resolveInputs(ACTION, given, CONTEXTS).values)).toMatchObject(given);
  });

  it('ignores case', () => {
    const { values, warnings } = resolveInputs(ACTION, { Name: 'x' }, CONTEXTS);
    expect(Object.fromEntries(values)).toEqual({ bucket: '', Name: 'x', 'old-name': '' });
    expect(warnings).toEqual([]);
  });

  it('warns of undeclared and deprecated inputs', () => {
    expect(resolveInputs(ACTION, { 'old-name': 'x', buckets: 'y' }, CONTEXTS).warnings).toEqual([
      "Input 'old-name' has been deprecated with message: use name",
      "Unexpected input(s) 'buckets', valid inputs are ['bucket', 'name', 'old-name']",
    ]);
  });

  it.each([
    [undefined, 'null'],
    [{ os: 'linux', node: 22 }, '{\n  "os": "linux",\n  "node": 22\n}'],
  ])('writes the matrix %j as the runner does', (matrix, text) => {
    const action = { ...ACTION, inputs: new Map([['x', { default: expression('toJSON(matrix)') }]]) };
    expect(resolveInputs(action, {}, { ...CONTEXTS, matrix }).values.get('x')).toBe(text);
  });

  it('refuses expressions that it does not understand', () => {
    const action = { ...ACTION, inputs: new Map([['x', { default: expression('env.HOME') }]]) };
    expect(() => resolveInputs(action, {}, CONTEXTS)).toThrow(
      `the default of input 'x' uses ${expression('env.HOME')}`,
    );
  });
});

describe('inputVariable', () => {
  it.each([
    ['bucket', 'INPUT_BUCKET'],
    ['keep-last', 'INPUT_KEEP-LAST'],
    ['two words', 'INPUT_TWO_WORDS'],
  ])('of %j is %s', (name, variable) => {
    expect(inputVariable(name)).toBe(variable);
  });
});
