import { expect, it } from '@jest/globals';
import { parseWith } from '../github/support.ts';

it('warns of endpoints whose traffic others can read', () => {
  const { notes } = parseWith({ endpoint: 'http://s3.example.com', 'sts-endpoint': 'http://sts.example.com' });
  expect(notes.map(({ kind, subject }) => [kind, subject])).toEqual([
    ['insecure-endpoint', 'http://s3.example.com'],
    ['insecure-endpoint', 'http://sts.example.com'],
  ]);
});

it('has nothing to say of https and of this machine', () => {
  expect(parseWith({ endpoint: 'http://127.0.0.1:9000', 'sts-endpoint': 'https://sts.example.com' }).notes).toEqual([]);
});

it('says that prune-noncurrent does nothing without a policy', () => {
  expect(parseWith({ 'prune-noncurrent': 'true' }).notes.map(({ kind }) => kind)).toEqual(['prune-without-policy']);
  expect(parseWith({ 'prune-noncurrent': 'true', 'keep-last': '3' }).notes).toEqual([]);
});
