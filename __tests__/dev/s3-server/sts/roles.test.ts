import { describe, expect, it } from '@jest/globals';
import { RoleRegistry } from '../../../../dev/s3-server/sts/roles.ts';

const ARN = 'arn:aws:iam::123456789012:role/path/to/backup';

describe('RoleRegistry', () => {
  it('knows every role while none is set up, and none but its own afterwards', () => {
    const roles = new RoleRegistry();
    expect(roles.open).toBe(true);
    expect(roles.find(ARN)).toMatchObject({ account: '123456789012', name: 'backup', trust: undefined });
    expect(roles.find('arn:aws:s3:::b')).toBeUndefined();
    roles.add(ARN, {});
    expect(roles.open).toBe(false);
    expect(roles.find(ARN)?.trust).toEqual({ statements: [] });
    expect(roles.find(ARN.replace('backup', 'other'))).toBeUndefined();
  });

  it('refuses an ARN that is no role’s and a policy that is none', () => {
    const roles = new RoleRegistry();
    expect(() => roles.add('arn:aws:iam::1:user/x', {})).toThrow(/is not the ARN of a role/);
    expect(() => roles.add(ARN, { trustPolicy: '{' })).toThrow(/Syntax/);
  });
});
