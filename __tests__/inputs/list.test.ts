import { describe, expect, it } from '@jest/globals';
import { parseListInputs } from '../../src/inputs/list.ts';
import { actionYamlOf, context, type Inputs, minimalInputsOf, sourceOf } from '../github/support.ts';

const MINIMAL = minimalInputsOf(actionYamlOf('list'));
const parse = (inputs: Inputs) => parseListInputs(sourceOf({ ...MINIMAL, ...inputs }), context);

describe('parseListInputs', () => {
  it.each<[Inputs, object]>([
    [{}, { kind: 'series' }],
    [{ name: 'dist' }, { kind: 'versions', details: false }],
    [
      { name: 'dist', details: 'true' },
      { kind: 'versions', details: true },
    ],
    [
      { name: 'dist', version: 'latest' },
      { kind: 'entries', version: 'latest' },
    ],
    [
      { name: 'dist', diff: '41..latest' },
      { kind: 'changes', from: '41', to: 'latest' },
    ],
    [
      { name: 'dist', diff: 'run:7..2026-11-20T08:00Z' },
      { kind: 'changes', from: 'run:7', to: '2026-11-20T08:00Z' },
    ],
  ])('takes %j as %j', (inputs, wanted) => {
    expect(parse(inputs).wanted).toEqual(wanted);
  });

  it.each<Inputs>([{ version: '1' }, { diff: '1..2' }])('takes the repository for the series of %j', (inputs) => {
    expect(parse(inputs).store.series).toBe('demo');
    expect(parse({}).store.series).toBe('');
    expect(() => parseListInputs(sourceOf({ ...MINIMAL, ...inputs }), { ...context, repository: '' })).toThrow(
      /^The input `name` is empty, but the repository of the run/,
    );
  });

  it.each<[Inputs, RegExp]>([
    [{ name: 'dist', version: 'yesterday' }, /^The input `version` is "yesterday", but it must be `latest`, a number/],
    [{ name: 'dist', diff: '41' }, /^The input `diff` is "41", but it must be two versions with two dots between them/],
    [{ name: 'dist', diff: '..42' }, /^The input `diff` is "\.\.42", but /],
    [{ name: 'dist', diff: '41..' }, /^The input `diff` is "41\.\.", but /],
    [{ name: 'dist', diff: '1..2', version: '1' }, /^The input `diff` is "1\.\.2", but `version` is given too: /],
    [{ name: '-x' }, /^The input `name` is "-x", but a series has up to 100/],
    [{ details: 'yes' }, /^The input `details` is "yes", but /],
  ])('refuses %j', (inputs, message) => {
    expect(() => parse(inputs)).toThrow(expect.objectContaining({ message: expect.stringMatching(message) }));
  });
});
