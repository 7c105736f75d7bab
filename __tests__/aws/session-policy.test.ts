import {
  DeleteObjectsCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { fromWebToken } from '@aws-sdk/credential-providers';
import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Issuer, startIssuer } from '../../dev/s3-server/oidc/issuer.ts';
import { type S3Server, startS3Server } from '../../dev/s3-server/server.ts';
import { stsClientConfig } from '../../src/aws/clients.ts';
import { backupFeatures, pinFeatures, READ_FEATURES } from '../../src/aws/iam-actions.ts';
import {
  MAX_SESSION_POLICY_CHARS,
  type PolicyDocument,
  policyDocument,
  sessionPolicy,
} from '../../src/aws/session-policy.ts';
import { NETWORK, testClient } from './support/clients.ts';

const EVERYTHING = backupFeatures({ tags: true, prune: true, pruneNoncurrent: true });
const TARGET = { partition: 'aws', bucket: 'acme', prefix: 'backups', series: 'dist' };

const escapeRegExp = (text: string) =>
  text.replaceAll(/[^\w]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);

/** IAM's own matching: `*` and `?`, and the variables that stand for them literally. */
function iamMatches(pattern: string, text: string): boolean {
  const source = pattern
    .split(/(\$\{[*?$]\}|[*?])/)
    .map((part, index) =>
      index % 2 === 0 ? escapeRegExp(part) : part === '*' ? '.*' : part === '?' ? '.' : `\\${part[2]}`,
    )
    .join('');
  return new RegExp(`^${source}$`, 'su').test(text);
}

function allows(document: PolicyDocument, action: string, resource: string, prefix?: string): boolean {
  return document.Statement.some((statement) => {
    const pattern = statement.Condition?.StringLike?.['s3:prefix'];
    const conditionHolds = pattern === undefined || (prefix !== undefined && iamMatches(pattern, prefix));
    return [statement.Action].flat().includes(action) && iamMatches(statement.Resource, resource) && conditionHolds;
  });
}

const parse = (json: string): PolicyDocument => JSON.parse(json);

describe('policyDocument', () => {
  const document = policyDocument(TARGET, EVERYTHING);

  it.each([
    ['s3:PutObject', 'arn:aws:s3:::acme/backups/dist/versions/x.json', true],
    ['s3:PutObject', 'arn:aws:s3:::acme/backups/dist2/versions/x.json', false],
    ['s3:DeleteObject', 'arn:aws:s3:::acme/backups/dist', false],
    ['s3:DeleteObject', 'arn:aws:s3:::acme/other/dist/x', false],
    ['s3:GetObject', 'arn:aws:s3:::other/backups/dist/x', false],
    ['s3:GetBucketVersioning', 'arn:aws:s3:::acme', true],
    ['s3:DeleteBucket', 'arn:aws:s3:::acme', false],
    ['s3:PutObjectAcl', 'arn:aws:s3:::acme/backups/dist/x', false],
  ])('%s on %s: %s', (action, resource, expected) => {
    expect(allows(document, action, resource)).toBe(expected);
  });

  it.each([
    ['backups/dist/versions/', true],
    ['backups/dist/', true],
    ['backups/', false],
    ['', false],
    [undefined, false],
  ])('lists under the prefix %s: %s', (prefix, expected) => {
    expect(allows(document, 's3:ListBucket', 'arn:aws:s3:::acme', prefix)).toBe(expected);
  });

  it.each([
    ['backups/dist/pins/000001.json', true],
    ['backups/dist/versions/x.json', false],
    ['backups/dist/data/x/pins/y', false],
  ])('with the right to pin writes %s: %s', (key, expected) => {
    const pinning = policyDocument(TARGET, pinFeatures('pin'));
    expect(allows(pinning, 's3:PutObject', `arn:aws:s3:::acme/${key}`)).toBe(expected);
  });

  it.each([
    ['backups', 'backups/', true],
    ['backups', 'backups/any/versions/', true],
    ['backups', '', false],
    ['', '', true],
    ['', 'any/versions/', true],
  ])('for all series below %j lists %j: %s', (prefix, listed, expected) => {
    const all = policyDocument({ ...TARGET, prefix, series: '' }, READ_FEATURES);
    expect(allows(all, 's3:ListBucket', 'arn:aws:s3:::acme', listed)).toBe(expected);
  });

  it('uses KMS keys by way of S3 only', () => {
    const kms = document.Statement.find(({ Action }) => Action.includes('kms:Decrypt'));
    expect(kms?.Condition).toEqual({ StringLike: { 'kms:ViaService': 's3.*' } });
  });

  it('takes the partition from the role', () => {
    const china = policyDocument({ ...TARGET, partition: 'aws-cn' }, ['read']);
    expect(china.Statement.map(({ Resource }) => Resource)).toEqual([
      'arn:aws-cn:s3:::acme/backups/dist/*',
      'arn:aws-cn:s3:::acme',
      'arn:aws-cn:s3:::acme',
    ]);
  });

  it('works without a prefix', () => {
    const bare = policyDocument({ ...TARGET, prefix: '' }, ['write']);
    expect(allows(bare, 's3:PutObject', 'arn:aws:s3:::acme/dist/x')).toBe(true);
    expect(allows(bare, 's3:PutObject', 'arn:aws:s3:::acme/x')).toBe(false);
  });

  it('takes wildcards in a prefix literally', () => {
    const starred = policyDocument({ ...TARGET, prefix: 'a*b?c$d' }, ['write']);
    expect(allows(starred, 's3:PutObject', 'arn:aws:s3:::acme/a*b?c$d/dist/x')).toBe(true);
    expect(allows(starred, 's3:PutObject', 'arn:aws:s3:::acme/aXbYc$d/dist/x')).toBe(false);
  });
});

describe('sessionPolicy', () => {
  it('fits for the longest names S3 has, and stays as narrow as it can', () => {
    const target = {
      partition: 'aws-us-gov',
      bucket: 'b'.repeat(63),
      prefix: 'p'.repeat(800),
      series: 's'.repeat(100),
    };
    const json = sessionPolicy(target, EVERYTHING);
    expect(json.length).toBeLessThanOrEqual(MAX_SESSION_POLICY_CHARS);
    const key = `arn:aws-us-gov:s3:::${target.bucket}/${target.prefix}/${target.series}/x`;
    expect(allows(parse(json), 's3:PutObject', key)).toBe(true);
    expect(allows(parse(json), 's3:PutObject', `arn:aws-us-gov:s3:::${target.bucket}/other/x`)).toBe(false);
  });

  it('is the whole document where that fits', () => {
    expect(parse(sessionPolicy(TARGET, EVERYTHING))).toEqual(policyDocument(TARGET, EVERYTHING));
  });

  it('always fits, is printable ASCII and lets the series through', () => {
    const names = fc.record({
      partition: fc.constantFrom('aws', 'aws-cn', 'aws-us-gov'),
      bucket: fc.stringMatching(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/),
      prefix: fc.string({ unit: 'grapheme', maxLength: 500 }),
      series: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/),
    });
    fc.assert(
      fc.property(names, (target) => {
        const json = sessionPolicy(target, EVERYTHING);
        expect(json.length).toBeLessThanOrEqual(MAX_SESSION_POLICY_CHARS);
        expect(json).toMatch(/^[ -~]*$/);
        const base = [target.prefix, target.series].filter((part) => part !== '').join('/');
        const resource = `arn:${target.partition}:s3:::${target.bucket}/${base}/claims/000001.json`;
        expect(allows(parse(json), 's3:PutObject', resource)).toBe(true);
        const bucket = `arn:${target.partition}:s3:::${target.bucket}`;
        expect(allows(parse(json), 's3:ListBucket', bucket, `${base}/versions/`)).toBe(true);
      }),
    );
  });
});

describe('a session with the policy', () => {
  let server: S3Server | undefined;
  let issuer: Issuer | undefined;
  afterEach(async () => {
    await server?.close();
    await issuer?.close();
  });

  /** A client with such a session, of a role that may do everything. */
  async function sessionClient(features = EVERYTHING) {
    issuer = await startIssuer();
    server = await startS3Server({ buckets: ['acme', 'other'], issuers: [issuer.issuer] });
    const endpoint = new URL(server.url);
    const session = fromWebToken({
      roleArn: `arn:aws:iam::${server.account}:role/any`,
      webIdentityToken: issuer.token(),
      policy: sessionPolicy(TARGET, features),
      clientConfig: stsClientConfig({ ...NETWORK, region: server.region, endpoint }),
    });
    return testClient(endpoint, { credentials: Object.assign(session, { memoized: true as const }) });
  }

  it('can do all that a backup does', async () => {
    const client = await sessionClient();
    const object = { Bucket: 'acme', Key: 'backups/dist/claims/000001.json' };
    await client.send(new PutObjectCommand({ ...object, Body: 'x', Tagging: 'a=b', IfNoneMatch: '*' }));
    await client.send(new GetObjectCommand(object));
    await client.send(new ListMultipartUploadsCommand({ Bucket: 'acme', Prefix: 'backups/dist/' }));
    const list = new ListObjectsV2Command({ Bucket: 'acme', Prefix: 'backups/dist/claims/' });
    expect((await client.send(list)).KeyCount).toBe(1);
    const doomed = { Bucket: 'acme', Delete: { Objects: [{ Key: object.Key }] } };
    expect((await client.send(new DeleteObjectsCommand(doomed))).Errors).toBeUndefined();
  });

  it('reaches nothing else', async () => {
    const client = await sessionClient();
    const puts = [
      { Bucket: 'acme', Key: 'backups/other/x' },
      { Bucket: 'acme', Key: 'x' },
      { Bucket: 'other', Key: 'backups/dist/x' },
    ].map((object) => client.send(new PutObjectCommand({ ...object, Body: 'x' })));
    const lists = [undefined, '', 'backups/'].map((Prefix) =>
      client.send(new ListObjectsV2Command({ Bucket: 'acme', ...(Prefix !== undefined && { Prefix }) })),
    );
    for (const { reason } of (await Promise.allSettled([...puts, ...lists])) as PromiseRejectedResult[]) {
      expect(reason).toMatchObject({ name: 'AccessDenied' });
    }
  });

  it('cannot delete without a retention policy, nor tag without tags', async () => {
    const client = await sessionClient(backupFeatures({ tags: false, prune: false, pruneNoncurrent: false }));
    const object = { Bucket: 'acme', Key: 'backups/dist/x' };
    await client.send(new PutObjectCommand({ ...object, Body: 'x' }));
    await expect(client.send(new PutObjectCommand({ ...object, Body: 'x', Tagging: 'a=b' }))).rejects.toThrow(
      'PutObjectTagging',
    );
    const { Errors = [] } = await client.send(
      new DeleteObjectsCommand({ Bucket: 'acme', Delete: { Objects: [{ Key: object.Key }] } }),
    );
    expect(Errors).toMatchObject([{ Code: 'AccessDenied' }]);
  });
});
