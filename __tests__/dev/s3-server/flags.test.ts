import { describe, expect, it } from '@jest/globals';
import { parseFlags } from '../../../dev/s3-server/flags.ts';

const ISSUER = { issuer: 'http://127.0.0.1:1', hostPath: '127.0.0.1:1' };

function parse(...args: readonly string[]) {
  const flags = parseFlags(args);
  if (flags === 'help') throw new Error('no flags');
  return { ...flags, options: flags.server(ISSUER) };
}

describe('parseFlags', () => {
  it('leaves what is not said to the server', () => {
    const { options, roleArn, issuer } = parse();
    expect(options).toEqual({
      buckets: [],
      credentials: { accessKeyId: 'AKIADEVELOPMENT00000', secretAccessKey: 'development-secret' },
      issuers: ['http://127.0.0.1:1'],
    });
    expect(roleArn).toBe('arn:aws:iam::123456789012:role/backup');
    expect(issuer).toEqual({ workflow: { repository: 'octo/demo' } });
  });

  it('reads every flag', () => {
    const { options } = parse(
      ...['--port', '9000', '--host', '::1', '--region', 'eu-west-1', '--account', '111111111111'],
      ...['--bucket', 'a', '--bucket', 'b', '--versioning', '--object-lock', '--data', '/tmp/x', '--admin'],
      ...['--access-key-id', 'id', '--secret-access-key', 'secret', '--session-seconds', '3'],
      ...['--personality', '{"tagging":"notImplemented"}'],
    );
    const settings = { versioning: true, objectLock: true };
    expect(options).toMatchObject({
      port: 9000,
      host: '::1',
      region: 'eu-west-1',
      account: '111111111111',
      buckets: [
        { name: 'a', ...settings },
        { name: 'b', ...settings },
      ],
      dataDirectory: '/tmp/x',
      admin: true,
      credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
      sessionSeconds: 3,
      personality: { tagging: 'notImplemented' },
    });
  });

  it('sets up a role that trusts the repository in both forms of its subject', () => {
    const { options, roleArn } = parse('--role', 'r', '--repository', 'acme/site');
    expect(options.roles?.[roleArn]?.trustPolicy).toMatchObject({
      Statement: {
        Principal: { Federated: 'arn:aws:iam::123456789012:oidc-provider/127.0.0.1:1' },
        Condition: { StringLike: { '127.0.0.1:1:sub': ['repo:acme/site:*', 'repo:acme@*/site@*:*'] } },
      },
    });
  });

  it('knows --help and no flag it does not know', () => {
    expect(parseFlags(['--help'])).toBe('help');
    expect(() => parseFlags(['--bukcet', 'a'])).toThrow(/bukcet/);
  });
});
