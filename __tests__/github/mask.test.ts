import { expect, it } from '@jest/globals';
import { mask, masked } from '../../src/github/mask.ts';
import { MIN_SECRET_LENGTH } from '../../src/secret-forms.ts';
import { onRunner } from './support.ts';

const SECRET = 'p@ss/w?rd>>1';

it('masks a secret in the forms it can take in a log', async () => {
  const { masks } = await onRunner(() => mask(SECRET));
  expect(masks).toEqual([SECRET, 'p%40ss%2Fw%3Frd%3E%3E1', 'cEBzcy93P3JkPj4x']);
});

it('hides a masked secret in a text, as the runner does in the log', async () => {
  await onRunner(() => mask('s3cret*value'));
  expect(masked('no s3cret*value; a value')).toBe('no ***; a value');
});

it('masks a secret of several lines as a whole', async () => {
  const { masks } = await onRunner(() => mask('first line\nsecond line'));
  expect(masks[0]).toBe('first line\nsecond line');
});

it('does not mask what is too short to be a secret', async () => {
  const { masks } = await onRunner(() => mask('x'.repeat(MIN_SECRET_LENGTH - 1)));
  expect(masks).toEqual([]);
});
