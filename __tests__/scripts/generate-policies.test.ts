import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { generate, POLICIES, withPolicies } from '../../scripts/generate-policies.ts';
import { backupFeatures, requiredActions } from '../../src/aws/iam-actions.ts';

const PROJECT = join(import.meta.dirname, '..', '..');
const OF_BACKUPS = ['backup', 'keep-last', 'prune-noncurrent', 'object-lock', 'kms'];
const NAMES = [...OF_BACKUPS, 'read', 'pin'];

/** Every policy out of date. */
const README = NAMES.map((name) => `<!-- policy-${name}:begin -->\nstale\n<!-- policy-${name}:end -->\n`).join(
  'between\n',
);

function policiesIn(readme: string): unknown[] {
  return Array.from(readme.matchAll(/```json\n(.*?)\n```/gs), ([, json = '']) => JSON.parse(json));
}

function actionsOf(...names: readonly string[]): string[] {
  const statements = names.flatMap((name) => POLICIES.get(name)?.Statement ?? []);
  return [...new Set(statements.flatMap(({ Action }) => Action))].sort();
}

describe('POLICIES', () => {
  it('has one for each part of the work', () => expect([...POLICIES.keys()]).toEqual(NAMES));

  it('of backups together allow what a backup with everything switched on needs, and nothing else', () => {
    const features = backupFeatures({ tags: true, prune: true, pruneNoncurrent: true, lock: 'held', kms: true });
    const needed = (['objects', 'bucket', 'list', 'kms'] as const).flatMap((scope) => requiredActions(features, scope));
    expect(actionsOf(...OF_BACKUPS)).toEqual([...new Set(needed)].sort());
  });

  it('lets a backup without `keep-last` delete nothing', () => {
    expect(actionsOf('backup').filter((action) => /Delete/.test(action))).toEqual([]);
  });

  it('lets who only reads change nothing', () => {
    expect(actionsOf('read').filter((action) => !/^(s3:(Get|List)|kms:Decrypt$)/.test(action))).toEqual([]);
  });

  it('lets who pins write and delete pins only', () => {
    const changing = (POLICIES.get('pin')?.Statement ?? []).filter(({ Action }) => /Put|Delete/.test(String(Action)));
    // S3 asks for the rights to an object on its key alone; on the bucket it is for Ceph.
    const keys = changing.map(({ Resource }) => Resource).filter((resource) => resource.includes('/'));
    expect(keys).toEqual(['arn:aws:s3:::acme-backups/backups/widgets/pins/*']);
  });
});

describe('withPolicies', () => {
  it('writes every policy as JSON, and leaves alone what stands between', () => {
    const fresh = withPolicies(README);
    expect(policiesIn(fresh)).toEqual([...POLICIES.values()]);
    expect(fresh).not.toContain('stale');
    expect(fresh.match(/^between$/gm)).toHaveLength(NAMES.length - 1);
  });

  it('keeps lists of actions and conditions on one line', () => {
    const fresh = withPolicies(README);
    expect(fresh).toContain('"Action": ["kms:GenerateDataKey", "kms:Decrypt"]');
    expect(fresh).toContain('"Condition": { "StringLike": { "kms:ViaService": "s3.*" } }');
  });

  it('changes nothing the second time', () => {
    const fresh = withPolicies(README);
    expect(withPolicies(fresh)).toBe(fresh);
  });

  it('refuses a README without the markers', () => {
    expect(() => withPolicies('# Demo')).toThrow('<!-- policy-backup:begin -->');
  });
});

describe('generate', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'policies-'));
    await writeFile(join(folder, 'README.md'), README);
  });

  afterEach(() => rm(folder, { recursive: true }));

  it('writes policies that are out of date, once', async () => {
    expect(await generate(folder, { write: true })).toBe(true);
    expect(await readFile(join(folder, 'README.md'), 'utf8')).toBe(withPolicies(README));
    expect(await generate(folder, { write: true })).toBe(false);
  });

  it('only looks when it is told not to write', async () => {
    expect(await generate(folder, { write: false })).toBe(true);
    expect(await readFile(join(folder, 'README.md'), 'utf8')).toBe(README);
  });

  it('finds the README of this project up to date', async () => {
    expect(await generate(PROJECT, { write: false })).toBe(false);
  });
});
