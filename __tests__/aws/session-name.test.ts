import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { roleSessionName } from '../../src/aws/session-name.ts';

describe('roleSessionName', () => {
  it('carries repository and run id', () => {
    expect(roleSessionName('octo/demo', 1234567890)).toBe('octo-demo-1234567890');
  });

  it('keeps the run id of a repository with a long name', () => {
    const name = roleSessionName(`${'o'.repeat(39)}/${'r'.repeat(100)}`, '1234567890');
    expect(name).toHaveLength(64);
    expect(name).toMatch(/-1234567890$/);
  });

  it('is always what STS takes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary', maxLength: 100 }), (repository, run) => {
        expect(roleSessionName(repository, run)).toMatch(/^[\w+=,.@-]{2,64}$/);
      }),
    );
  });
});
