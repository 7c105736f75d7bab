import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { givenIdToken } from '../../src/cli/id-token.ts';

const tellNobody = () => {};

describe('givenIdToken', () => {
  it('is the one that was given, which is told before it is used', async () => {
    const told: string[] = [];
    expect(await givenIdToken({ token: 'a.b.c', onToken: (token) => told.push(token) })('audience')).toBe('a.b.c');
    expect(told).toEqual(['a.b.c']);
  });

  it('is what stands in the file at the time', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'token-'));
    try {
      const file = join(directory, 'token');
      const getIdToken = givenIdToken({ file, token: 'other', onToken: tellNobody });
      for (const token of ['first', 'second']) {
        await writeFile(file, `${token}\n`);
        expect(await getIdToken('audience')).toBe(token);
      }
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it('says what to do where there is none', async () => {
    await expect(givenIdToken({ onToken: tellNobody })('audience')).rejects.toMatchObject({
      input: 'role-to-assume',
      message: expect.stringMatching(/needs an OIDC token, but .*--id-token-file or in VSB_ID_TOKEN, or leave/),
    });
  });

  it('says which file it cannot read', async () => {
    await expect(givenIdToken({ file: '/absent/token', onToken: tellNobody })('audience')).rejects.toThrow(
      'The OIDC token in "/absent/token" cannot be read (ENOENT',
    );
  });
});
