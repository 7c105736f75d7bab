import { describe, expect, it } from '@jest/globals';
import { Redaction } from '../src/redaction.ts';

const SECRET = 'pass"word\\/?';

describe('Redaction', () => {
  it('hides a secret in all forms it can take, in JSON too', () => {
    const redaction = new Redaction([SECRET]);
    const base64 = Buffer.from(SECRET).toString('base64');
    expect(redaction.redact(`a ${SECRET} b ${encodeURIComponent(SECRET)} c ${base64}`)).toBe('a *** b *** c ***');
    expect(redaction.redact(JSON.stringify({ key: SECRET }))).toBe('{"key":"***"}');
  });

  it('hides the longest first', () => {
    const redaction = new Redaction(['password', 'password-and-more']);
    expect(redaction.redact('password-and-more password')).toBe('*** ***');
  });

  it('learns', () => {
    const redaction = new Redaction();
    expect(redaction.redact('a-new-secret')).toBe('a-new-secret');
    redaction.add('a-new-secret');
    expect(redaction.redact('a-new-secret')).toBe('***');
  });

  it('shows what is too short to be a secret', () => {
    expect(new Redaction(['short', '']).redact('in short')).toBe('in short');
  });
});
