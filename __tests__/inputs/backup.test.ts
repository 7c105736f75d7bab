import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { InputError } from '../../src/errors.ts';
import { actionYaml, context, parseWith } from '../github/support.ts';

interface RefusedCase {
  readonly inputs: Readonly<Record<string, string>>;
  readonly error: string;
}
const refusedCases: readonly RefusedCase[] = JSON.parse(
  readFileSync(new URL('../fixtures/refused-inputs.json', import.meta.url), 'utf8'),
);

function errorOf(inputs: Readonly<Record<string, string>>): unknown {
  try {
    return parseWith(inputs);
  } catch (error) {
    return error;
  }
}

describe('parseBackupInputs', () => {
  it('reads a step that gives only what is required', () => {
    expect(parseWith({})).toEqual({
      selection: {
        patterns: ['dist/**'],
        root: context.workspace,
        includeHiddenFiles: false,
        ifNoFilesFound: 'error',
        ifFileChanged: 'error',
      },
      tags: {},
      store: { bucket: 'acme-backups', prefix: 'backups', series: 'demo', forcePathStyle: false },
      credentials: { audience: 'sts.amazonaws.com', roleDurationSeconds: 3600, sessionPolicy: 'auto' },
      incremental: {
        mode: 'auto',
        fullEvery: { versions: 7, ageMs: 30 * 24 * 3_600_000 },
        changeDetection: 'content',
        repackBelow: 0.3,
      },
      transfer: {
        concurrency: 32,
        partSize: 8 * 2 ** 20,
        maxMemory: 256e6,
        layout: 'auto',
        packBelow: 2 ** 20,
        packSize: 2 ** 26,
        compressionLevel: 3,
        compression: 'auto',
      },
      retryForMs: 300_000,
      resume: true,
      retention: {
        policy: {},
        timezone: 'UTC',
        maxDelete: { kind: 'percent', percent: 50 },
        pruneNoncurrent: false,
        abandonedAfterMs: 7 * 24 * 3_600_000,
      },
      dryRun: false,
      notes: [],
    });
  });

  it('reads a step that gives everything', () => {
    const inputs = parseWith({
      path: 'dist/**\n!dist/**/*.map',
      root: '/srv/data',
      'include-hidden-files': 'true',
      'if-no-files-found': 'ignore',
      'if-file-changed': 'warn',
      tags: 'team=web\nquery=a=b',
      bucket: 'other-bucket',
      prefix: '/team/ci/',
      name: 'dist',
      'aws-region': 'eu-west-1',
      'expected-bucket-owner': '123456789012',
      'storage-class': 'STANDARD_IA',
      sse: 'aws:kms',
      'sse-kms-key-id': 'alias/backup',
      'role-to-assume': 'arn:aws:iam::123456789012:role/ci/backup',
      audience: 'sts.example.com',
      'role-chain': 'arn:aws-cn:iam::210987654321:role/vault',
      'external-id': 'acme:1',
      'role-duration-seconds': '900',
      'session-policy': 'none',
      'sts-endpoint': 'https://sts.eu-west-1.amazonaws.com/',
      incremental: 'always',
      'full-every': 'never',
      'change-detection': 'stat',
      'repack-below': '50 %',
      concurrency: '256',
      'max-memory': '6GB',
      'retry-for': '90s',
      'part-size': '5GiB',
      resume: 'false',
      layout: 'archive',
      'pack-below': '64KiB',
      'pack-size': '16MiB',
      'compression-level': '19',
      compression: 'off',
      'keep-last': '14',
      'keep-hourly': '24',
      'keep-daily': '7',
      'keep-weekly': '4',
      'keep-monthly': '12',
      'keep-yearly': '3',
      'keep-tag': 'release=true\nkept',
      'keep-within': '2w',
      'max-age': '1y6m',
      timezone: 'Europe/Berlin',
      'max-delete': '5',
      'prune-noncurrent': 'True',
      'abandoned-after': '24h',
      'dry-run': 'TRUE',
    });
    expect(inputs).toEqual({
      selection: {
        patterns: ['dist/**', '!dist/**/*.map'],
        root: '/srv/data',
        includeHiddenFiles: true,
        ifNoFilesFound: 'ignore',
        ifFileChanged: 'warn',
      },
      tags: { team: 'web', query: 'a=b' },
      store: {
        bucket: 'other-bucket',
        prefix: 'team/ci',
        series: 'dist',
        region: 'eu-west-1',
        forcePathStyle: false,
        expectedBucketOwner: '123456789012',
        storageClass: 'STANDARD_IA',
        encryption: { algorithm: 'aws:kms', kmsKeyId: 'alias/backup' },
      },
      credentials: {
        roleToAssume: 'arn:aws:iam::123456789012:role/ci/backup',
        audience: 'sts.example.com',
        roleChain: 'arn:aws-cn:iam::210987654321:role/vault',
        externalId: 'acme:1',
        roleDurationSeconds: 900,
        sessionPolicy: 'none',
        stsEndpoint: 'https://sts.eu-west-1.amazonaws.com',
      },
      incremental: { mode: 'always', fullEvery: {}, changeDetection: 'stat', repackBelow: 0.5 },
      transfer: {
        concurrency: 256,
        partSize: 5 * 2 ** 30,
        maxMemory: 6e9,
        layout: 'archive',
        packBelow: 2 ** 16,
        packSize: 2 ** 24,
        compressionLevel: 19,
        compression: 'off',
      },
      retryForMs: 90_000,
      resume: false,
      retention: {
        policy: {
          keepLast: 14,
          keepHourly: 24,
          keepDaily: 7,
          keepWeekly: 4,
          keepMonthly: 12,
          keepYearly: 3,
          keepWithin: { years: 0, months: 0, days: 14, hours: 0, text: '2w' },
          keepTags: [{ key: 'release', value: 'true' }, { key: 'kept' }],
          maxAge: { years: 1, months: 6, days: 0, hours: 0, text: '1y6m' },
        },
        timezone: 'Europe/Berlin',
        maxDelete: { kind: 'versions', count: 5 },
        pruneNoncurrent: true,
        abandonedAfterMs: 24 * 3_600_000,
      },
      dryRun: true,
      notes: [],
    });
  });

  it('has no absent field as undefined', () => {
    const { store, credentials, retention } = parseWith({});
    const values = [store, credentials, retention.policy].flatMap((part) => Object.values(part));
    expect(values).not.toContain(undefined);
  });

  it('refuses the first bad input in the order of action.yml', () => {
    expect(errorOf({ concurrency: '0', bucket: 'NO' })).toMatchObject({ input: 'bucket' });
  });

  it('has no rule with `prune: false`, whatever is given, and says nothing of it', () => {
    const { retention, notes } = parseWith({ prune: 'false', 'keep-last': '3', 'prune-noncurrent': 'true' });
    expect(retention.policy).toEqual({});
    expect(notes).toEqual([]);
  });

  it('takes access points where no session policy is made', () => {
    const role = 'arn:aws:iam::123456789012:role/backup';
    expect(parseWith({ bucket: 'acme-abc123-s3alias' }).store.bucket).toBe('acme-abc123-s3alias');
    const withRole = { bucket: 'acme-abc123-s3alias', 'role-to-assume': role, 'session-policy': 'none' };
    expect(parseWith(withRole).credentials.roleToAssume).toBe(role);
  });
});

describe('refused inputs', () => {
  it.each(refusedCases)('$error', ({ inputs, error }) => {
    const refusal = errorOf(inputs);
    expect(refusal).toBeInstanceOf(InputError);
    expect(String(refusal)).toMatch(new RegExp(error));
    expect(String(refusal)).toMatch(/^InputError: The input `[a-z0-9-]+` is [^\n]+\.$/);
    expect(String(refusal)).not.toContain('opensesame');
  });

  it('are given for every input with a rule', () => {
    const withoutRule = ['command', 'root'];
    const refusedNames = refusedCases.map(({ error }) => /`([a-z0-9-]+)`/.exec(error)?.[1]);
    expect([...new Set([...refusedNames, ...withoutRule])].sort()).toEqual(Object.keys(actionYaml.inputs).sort());
  });
});
