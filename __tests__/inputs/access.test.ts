import { describe, expect, it } from '@jest/globals';
import { readAccessInputs } from '../../src/inputs/access.ts';
import { anySeries } from '../../src/inputs/store.ts';
import { context, type Inputs, readerOf } from '../github/support.ts';

const read = (inputs: Inputs) => readAccessInputs(readerOf(inputs), context);

describe('readAccessInputs', () => {
  it('reads where and as whom, and nothing of how data is stored', () => {
    const { store, credentials, notes } = read({ 'storage-class': 'GLACIER', sse: 'AES256' });
    expect(store).toEqual({ bucket: 'acme-backups', prefix: 'backups', series: 'demo', forcePathStyle: false });
    expect(credentials).toMatchObject({ sessionPolicy: 'auto' });
    expect(notes).toEqual([]);
  });

  it('leaves the series open where all are meant', () => {
    expect(readAccessInputs(readerOf({ name: '' }), context, anySeries).store.series).toBe('');
    expect(read({ name: '' }).store.series).toBe('demo');
  });

  it('notes endpoints whose traffic others can read', () => {
    expect(read({ endpoint: 'http://s3.example.com' }).notes).toMatchObject([{ kind: 'insecure-endpoint' }]);
  });

  it('refuses a session policy for an access point', () => {
    const inputs = { bucket: 'acme-abc123-s3alias', 'role-to-assume': 'arn:aws:iam::123456789012:role/backup' };
    expect(() => read(inputs)).toThrow('The input `session-policy` is "auto", but a session policy cannot be made');
    expect(read({ ...inputs, 'session-policy': 'none' }).store.bucket).toBe('acme-abc123-s3alias');
  });
});
