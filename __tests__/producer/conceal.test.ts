import { describe, expect, it } from '@jest/globals';
import { concealer } from '../../src/producer/conceal.ts';

describe('concealer', () => {
  it.each(['PGPASSWORD', 'MYSQL_PWD', 'RESTIC_PASSWORD', 'GITHUB_TOKEN', 'AWS_SECRET_ACCESS_KEY', 'service_api_key'])(
    'hides the value of %s in every form',
    (name) => {
      const value = 'päss word/1234';
      const text = [value, encodeURIComponent(value), Buffer.from(value).toString('base64')].join(' and ');
      expect(concealer({ [name]: value })(`wrong: ${text}`)).toBe('wrong: *** and *** and ***');
    },
  );

  it('hides a longer secret before one that is a part of it', () => {
    const hide = concealer({ A_TOKEN: 'abcdefgh', B_TOKEN: 'abcdefgh-ijkl' });
    expect(hide('abcdefgh-ijkl abcdefgh')).toBe('*** ***');
  });

  it('leaves what is no secret: other variables, the directory, short values', () => {
    const hide = concealer({ PWD: '/home/runner/work', PGHOST: 'db.example.com', DB_PASSWORD: 'short' });
    const text = 'no route to db.example.com from /home/runner/work (short)';
    expect(hide(text)).toBe(text);
  });

  it('hides user and password in URLs', () => {
    expect(concealer({})('cannot reach postgres://app:s3cret@db:5432/x or s3://bucket/a@b')).toBe(
      'cannot reach postgres://***@db:5432/x or s3://bucket/a@b',
    );
  });
});
