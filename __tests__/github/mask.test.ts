import { expect, it } from '@jest/globals';
import { mask } from '../../src/github/mask.ts';
import { MIN_SECRET_LENGTH } from '../../src/secret-forms.ts';
import { onRunner } from './support.ts';

const SECRET = 'p@ss/w?rd>>1';

it('masks a secret in the forms it can take in a log', async () => {
  const { masks } = await onRunner(() => mask(SECRET));
  expect(masks).toEqual([SECRET, 'p%40ss%2Fw%3Frd%3E%3E1', 'cEBzcy93P3JkPj4x']);
});

it('masks a secret of several lines as a whole', async () => {
  const { masks } = await onRunner(() => mask('first line\nsecond line'));
  expect(masks[0]).toBe('first line\nsecond line');
});

it('does not mask what is too short to be a secret', async () => {
  const { masks } = await onRunner(() => mask('x'.repeat(MIN_SECRET_LENGTH - 1)));
  expect(masks).toEqual([]);
});
