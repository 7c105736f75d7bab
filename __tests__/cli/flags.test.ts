import { describe, expect, it } from '@jest/globals';
import type { DeclaredInput } from '../../src/cli/declared.ts';
import { givenInputs, inputOptions } from '../../src/cli/flags.ts';

const input = (changes: Partial<DeclaredInput>): DeclaredInput => ({
  name: 'part-size',
  description: 'How large.',
  fallback: '',
  fallbackMeaning: '',
  required: false,
  kind: 'text',
  ...changes,
});

describe('inputOptions', () => {
  it.each([
    [input({}), ['--part-size <value>']],
    [input({ kind: 'lines' }), ['--part-size <line>']],
    [input({ kind: 'flag', fallback: 'false' }), ['--part-size [true|false]']],
    [input({ kind: 'flag', fallback: 'true' }), ['--part-size [true|false]', '--no-part-size']],
  ])('of %j', (declared, flags) => {
    expect(inputOptions(declared).map((option) => option.flags)).toEqual(flags);
  });

  it('say what stands for them, and whether they can be left out', () => {
    const description = (changes: Partial<DeclaredInput>) => inputOptions(input(changes))[0]?.description;
    expect(description({})).toBe('How large.');
    expect(description({ fallbackMeaning: '8MiB' })).toBe('How large. (default: 8MiB)');
    expect(description({ kind: 'lines', required: true })).toBe('How large. (give it once for each line; required)');
  });
});

describe('givenInputs', () => {
  it('has the texts of what was given, by the names of the inputs', () => {
    const inputs = [
      input({}),
      input({ name: 'path', kind: 'lines' }),
      input({ name: 'prune' }),
      input({ name: 'sse' }),
    ];
    const given = givenInputs(inputs, { partSize: '', path: ['a', 'b'], prune: false });
    expect([...given]).toEqual([
      ['part-size', ''],
      ['path', 'a\nb'],
      ['prune', 'false'],
    ]);
  });
});
