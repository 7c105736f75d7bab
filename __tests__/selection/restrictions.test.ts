import { describe, expect, it } from '@jest/globals';
import { restrictionOf } from '../../src/selection/restrictions.ts';

describe('restrictionOf', () => {
  const credentials = [
    ...['.git', '.aws', '.ssh', '.npmrc', '.netrc', '.env', '.env.local', '.envrc', '.ENV', '.Git'],
    ...['gha-creds-0123456789abcdef.json', 'gha-creds-.json'],
  ];

  it.each(credentials)('keeps %j out as a credential, hidden files included or not', (name) => {
    expect(restrictionOf(name, false)).toBe('credentials');
    expect(restrictionOf(name, true)).toBe('credentials');
  });

  it.each(['.github', '.gitignore', '.cache', '.en', '...', '.npmrc.bak'])('takes %j for hidden', (name) => {
    expect(restrictionOf(name, false)).toBe('hidden');
    expect(restrictionOf(name, true)).toBeUndefined();
  });

  it.each(['a', 'a.env', 'git', 'gha-creds-1.json.txt', 'my-gha-creds-1.json', '~', ' .env'])('lets %j in', (name) => {
    expect(restrictionOf(name, false)).toBeUndefined();
  });
});
