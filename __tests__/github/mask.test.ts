import { expect, it } from '@jest/globals';
import { MIN_SECRET_LENGTH, mask, secretForms } from '../../src/github/mask.ts';
import { onRunner } from './support.ts';

const SECRET = 'p@ss/w?rd>>1';

it('masks a secret in the forms it can take in a log', async () => {
  const { masks } = await onRunner(() => mask(SECRET));
  expect(masks).toEqual([SECRET, 'p%40ss%2Fw%3Frd%3E%3E1', 'cEBzcy93P3JkPj4x']);
});

it('knows both alphabets of base64', () => {
  expect(secretForms('\u00ff\u00fe\u00fb~~~?>')).toEqual(
    expect.arrayContaining(['w7/DvsO7fn5+Pz4=', 'w7_DvsO7fn5-Pz4']),
  );
});

it('masks a secret of several lines as a whole', async () => {
  const { masks } = await onRunner(() => mask('first line\nsecond line'));
  expect(masks[0]).toBe('first line\nsecond line');
});

it('does not mask what is too short to be a secret', async () => {
  const { masks } = await onRunner(() => mask('x'.repeat(MIN_SECRET_LENGTH - 1)));
  expect(masks).toEqual([]);
});

it('takes text that is not valid Unicode', () => expect(secretForms('\ud800broken-secret')).toHaveLength(4));
