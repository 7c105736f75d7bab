import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { backupFeatures, pruneFeatures } from '../../src/aws/iam-actions.ts';
import { policyDocument } from '../../src/aws/session-policy.ts';
import { Bucket } from '../e2e/bucket.ts';
import { startRelay } from '../e2e/relay.ts';
import { withTree } from '../e2e/tree.ts';
import { type EmbeddedWorld, FULL_ONLY, REGION, startEmbeddedWorld, trustPolicy } from '../e2e/world.ts';
import { blocksOf, readPage, sectionOf } from './markdown.ts';

const PAGE = await readPage('docs/append-only.md');
const BUCKET = 'acme-backups';
const ACCOUNT = '123456789012';
const WRITER = 'arn:aws:iam::123456789012:role/backup-write';
const PRUNER = 'arn:aws:iam::123456789012:role/backup-prune';

/** The policy as the page shows it. */
function policyIn(heading: string) {
  const [block] = blocksOf(sectionOf(PAGE, heading)).filter(({ language }) => language === 'json');
  return JSON.parse(block?.text ?? '');
}

describe('the policies of the page', () => {
  const target = { partition: 'aws', bucket: BUCKET, prefix: 'backups', series: 'widgets' };

  it('of the writer is what a backup that prunes nothing needs', () => {
    const features = backupFeatures({ tags: true, prune: false, pruneNoncurrent: false });
    expect(policyIn('## The writer')).toEqual(policyDocument(target, features));
  });

  it('of the pruner is what a prune needs', () => {
    expect(policyIn('## The pruner')).toEqual(policyDocument(target, pruneFeatures({ pruneNoncurrent: true })));
  });

  it('let nobody do both', () => {
    const actions = (heading: string) =>
      policyIn(heading).Statement.flatMap(({ Action }: { Action: string | string[] }) => Action);
    expect(actions('## The writer').filter((action: string) => action.includes('Delete'))).toEqual([]);
    expect(actions('## The pruner').filter((action: string) => action.includes('Put'))).toEqual([]);
  });
});

describe('with these policies', () => {
  let world: EmbeddedWorld;
  beforeAll(async () => {
    world = await startEmbeddedWorld();
  });
  afterAll(() => world.close());

  /** A bucket, and the roles of the page for it. */
  async function setUp(): Promise<Bucket> {
    const bucket = await world.createBucket({ versioning: true });
    const addRole = (arn: string, heading: string) =>
      world.server.admin.addRole(arn, {
        trustPolicy: trustPolicy(world.issuer, ACCOUNT),
        permissionPolicy: JSON.stringify(policyIn(heading)).replaceAll(BUCKET, bucket.name),
      });
    addRole(WRITER, '## The writer');
    addRole(PRUNER, '## The pruner');
    return bucket;
  }

  // So that nothing but the policies of the page decides.
  const inputsFor = (role: string) => ({ 'role-to-assume': role, 'session-policy': 'none', name: 'widgets' });
  const RULES = { 'keep-last': '1', 'prune-noncurrent': 'true' };

  it('the writer adds versions and removes none; the pruner removes them for good and adds none', async () => {
    const bucket = await setUp();
    await withTree({ file: '1' }, async (workspace) => {
      const ids: string[] = [];
      for (const inputs of [{}, { prune: 'false', ...RULES }]) {
        const result = await world.backup(bucket, {
          workspace,
          inputs: { ...inputsFor(WRITER), ...FULL_ONLY, ...inputs },
        });
        expect(result).toMatchObject({ exitCode: 0, annotations: [], outputs: { pruned: '[]' } });
        ids.push(result.outputs['version-id'] ?? '');
      }
      const denied = await world.run('prune', bucket, { workspace, inputs: { ...inputsFor(WRITER), ...RULES } });
      expect(denied).toMatchObject({ exitCode: 1 });
      const pruned = await world.run('prune', bucket, { workspace, inputs: { ...inputsFor(PRUNER), ...RULES } });
      expect(pruned).toMatchObject({ exitCode: 0, annotations: [], outputs: { pruned: JSON.stringify([ids[0]]) } });
      expect((await bucket.versions()).filter(({ key }) => key.includes(ids[0] ?? ''))).toEqual([]);

      const written = await world.backup(bucket, { workspace, inputs: inputsFor(PRUNER) });
      expect(written.exitCode).toBe(1);
      expect(written.log).toContain('s3:PutObject');
    });
  });

  it('a backup with `prune: false` has a session that cannot delete, whatever its role may do', async () => {
    const bucket = await world.createBucket();
    const relay = await startRelay(world.endpoint);
    try {
      await withTree({ file: '1' }, async (workspace) => {
        const inputs = { prune: 'false', 'keep-last': '1', 'sts-endpoint': relay.url };
        const { outputs } = await world.backup(bucket, { workspace, inputs });
        const [credentials] = relay.sessions;
        if (credentials === undefined) throw new Error('no session was given out');
        const thief = new Bucket(bucket.name, { endpoint: world.endpoint, region: REGION, credentials });
        const Key = outputs['record-key'] ?? '';
        await expect(thief.json(Key)).resolves.toMatchObject({ number: 1 });
        const theft = thief.client.send(new DeleteObjectCommand({ Bucket: bucket.name, Key }));
        await expect(theft).rejects.toMatchObject({ name: 'AccessDenied' });
      });
    } finally {
      await relay.close();
    }
  });
});
