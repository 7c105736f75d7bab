import { describe, expect, it } from '@jest/globals';
import {
  actionsOf,
  type BackupTraits,
  backupFeatures,
  dryPruneFeatures,
  dryRunFeatures,
  type Feature,
  pinFeatures,
  pruneFeatures,
  READ_FEATURES,
  requiredActions,
} from '../../src/aws/iam-actions.ts';

const SCOPES = ['objects', 'bucket', 'list', 'kms'] as const;
const allActions = (traits: BackupTraits) => SCOPES.flatMap((scope) => requiredActions(backupFeatures(traits), scope));

describe('backupFeatures', () => {
  it('never deletes without a policy', () => {
    const actions = allActions({ tags: true, prune: false, pruneNoncurrent: true });
    expect(actions.filter((action) => action.includes('Delete'))).toEqual([]);
  });

  it('asks for tagging only with tags', () => {
    expect(allActions({ tags: false, prune: true, pruneNoncurrent: true })).not.toContain('s3:PutObjectTagging');
    expect(allActions({ tags: true, prune: false, pruneNoncurrent: false })).toContain('s3:PutObjectTagging');
  });

  it('deletes versions only with prune-noncurrent', () => {
    expect(allActions({ tags: true, prune: true, pruneNoncurrent: false })).not.toContain('s3:DeleteObjectVersion');
    expect(allActions({ tags: true, prune: true, pruneNoncurrent: true })).toContain('s3:DeleteObjectVersion');
  });

  it('speaks of KMS, but not to stores that have none', () => {
    const traits = { tags: true, prune: true, pruneNoncurrent: true };
    expect(allActions(traits)).toContain('kms:GenerateDataKey');
    expect(allActions({ ...traits, kms: false }).join()).not.toContain('kms:');
  });

  it('never needs a wildcard', () => {
    const actions = allActions({ tags: true, prune: true, pruneNoncurrent: true });
    expect(actions.join()).not.toContain('*');
  });
});

describe('the features of the other commands', () => {
  const actionsFor = (features: readonly Feature[]) =>
    [...SCOPES, 'pins' as const].flatMap((scope) => requiredActions(features, scope));

  it('of those that look neither write nor delete', () => {
    const dryRuns = [true, false].map((pruneNoncurrent) => dryPruneFeatures({ pruneNoncurrent }));
    const looks = [READ_FEATURES, dryRunFeatures({ pruneNoncurrent: true }), ...dryRuns].flatMap(actionsFor);
    expect(looks).toContain('s3:ListBucketVersions');
    expect(actionsFor(dryPruneFeatures({ pruneNoncurrent: false }))).not.toContain('s3:ListBucketVersions');
    expect(looks.filter((action) => /Put|Delete|Abort|Generate/.test(action))).toEqual([]);
  });

  it('of a prune write nothing, and end uploads', () => {
    const actions = actionsFor(pruneFeatures({ pruneNoncurrent: true }));
    expect(actions.filter((action) => /Put|Generate/.test(action))).toEqual([]);
    expect(actions).toEqual(
      expect.arrayContaining(['s3:AbortMultipartUpload', 's3:ListBucketMultipartUploads', 's3:DeleteObjectVersion']),
    );
    expect(actionsFor(pruneFeatures({ pruneNoncurrent: false }))).not.toContain('s3:DeleteObjectVersion');
  });

  it('of pinning write pins, and of unpinning delete them, and nothing else', () => {
    const changes = (features: readonly Feature[]) =>
      requiredActions(features, 'pins').concat(
        requiredActions(features, 'objects').filter((action) => !/Get/.test(action)),
      );
    expect(changes(pinFeatures('pin'))).toEqual(['s3:PutObject']);
    expect(changes(pinFeatures('unpin'))).toEqual(['s3:DeleteObject']);
  });
});

describe('requiredActions', () => {
  it('names an action once, however many features need it', () => {
    const twice = requiredActions(['prune', 'prune', 'write', 'write'], 'objects');
    expect(twice).toEqual([...new Set(twice)]);
    expect(twice).toContain('s3:PutObject');
  });

  it('gives DeleteObject on the bucket as well, for Ceph', () => {
    expect(requiredActions(['prune'], 'bucket')).toEqual(['s3:DeleteObject']);
  });
});

describe('actionsOf', () => {
  it.each([
    ['PutObject', {}, ['s3:PutObject']],
    ['PutObject', { tagging: true }, ['s3:PutObject', 's3:PutObjectTagging']],
    ['CreateMultipartUpload', { tagging: true }, ['s3:PutObject', 's3:PutObjectTagging']],
    ['UploadPart', { tagging: true }, ['s3:PutObject']],
    ['ListObjectsV2', {}, ['s3:ListBucket']],
    ['DeleteObject', { versioned: true }, ['s3:DeleteObjectVersion']],
    ['HeadObject', { versioned: true }, ['s3:GetObjectVersion']],
    ['Unheard', {}, []],
  ])('%s %j', (operation, traits, actions) => {
    expect(actionsOf(operation, traits)).toEqual(actions);
  });
});
