import { afterEach, expect, it } from '@jest/globals';
import { actionsInputs } from '../../src/github/inputs.ts';

const VARIABLES = ['INPUT_PART-SIZE', 'INPUT_PATH'];

afterEach(() => {
  for (const name of VARIABLES) delete process.env[name];
});

it('reads what the runner passes, without spaces around it', () => {
  process.env['INPUT_PART-SIZE'] = ' 8MiB\n';
  expect(actionsInputs.get('part-size')).toBe('8MiB');
  expect(actionsInputs.get('absent')).toBe('');
});

it('reads lines, without spaces around them and without those that are empty then', () => {
  process.env.INPUT_PATH = 'a b\r\n   \n  c  \n\n';
  expect(actionsInputs.getLines('path')).toEqual(['a b', 'c']);
  expect(actionsInputs.getLines('absent')).toEqual([]);
});
