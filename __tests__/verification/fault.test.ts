import { describe, expect, it } from '@jest/globals';
import { BackupError, DAMAGED, type ErrorDetails } from '../../src/errors.ts';
import { faultOf } from '../../src/verification/fault.ts';

const error = (details: ErrorDetails) => new BackupError('Words.', details);

describe('faultOf', () => {
  it.each([
    [error({ class: 'not-found', httpStatus: 404 }), { kind: 'missing', problem: 'it is not there' }],
    [
      error({ class: 'permanent', code: DAMAGED, expected: '5 bytes', found: '6 bytes' }),
      { kind: 'content', problem: 'it has 6 bytes instead of 5 bytes' },
    ],
    [error({ class: 'permanent' }), { kind: 'content', problem: 'Words.' }],
    [
      error({ class: 'permanent', code: 'InvalidObjectState', httpStatus: 403 }),
      { kind: 'unreadable', problem: 'it is archived and cannot be read as it is' },
    ],
  ])('makes a finding of %p', (thrown, expected) => {
    expect(faultOf(thrown, 'content')).toEqual(expected);
  });

  it.each([
    error({ class: 'permanent', code: 'AccessDenied', httpStatus: 403 }),
    error({ class: 'permanent', code: 'CERT_HAS_EXPIRED' }),
    error({ class: 'permanent', httpStatus: 403 }),
    error({ class: 'transient', httpStatus: 503 }),
    error({ class: 'local', code: 'ENOSPC' }),
    error({ class: 'expired' }),
    new TypeError('A mistake.'),
    Object.assign(new Error('Disk.'), { code: 'EIO' }),
  ])('makes none of %p', (thrown) => {
    expect(faultOf(thrown, 'content')).toBeUndefined();
  });
});
