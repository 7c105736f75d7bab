import { describe, expect, it } from '@jest/globals';
import { rootPrincipal } from '../../../../dev/s3-server/policy/principal.ts';
import { CredentialTable } from '../../../../dev/s3-server/sigv4/credentials.ts';

const NOW = new Date('2026-01-01T00:00:00Z');
const EXPIRES = new Date('2026-01-01T00:15:00Z');
const coded = (code: string, status: number) => expect.objectContaining({ code, status });

describe('CredentialTable', () => {
  const table = new CredentialTable();
  const { accessKeyId, sessionToken } = table.issue(rootPrincipal('123456789012'), EXPIRES);

  it('finds a session key with its token', () => {
    expect(table.find(accessKeyId, sessionToken, NOW).expires).toBe(EXPIRES);
  });

  it('does not know a session key without its token', () => {
    expect(() => table.find(accessKeyId, undefined, NOW)).toThrow(coded('InvalidAccessKeyId', 403));
  });

  it('refuses another token', () => {
    expect(() => table.find(accessKeyId, `${sessionToken}x`, NOW)).toThrow(coded('InvalidToken', 400));
  });

  it('refuses an expired one as S3 does', () => {
    expect(() => table.find(accessKeyId, sessionToken, EXPIRES)).toThrow(coded('ExpiredToken', 400));
  });
});
