/**
 * `npm run demo [-- FOLDER]`: the whole way on this machine. An S3 server with STS and an OIDC issuer is started, and
 * the committed bundle runs three times as a workflow step would: OIDC token → role → versions in the bucket → prune.
 * Then the bucket is shown, and a file is read back and compared. Nothing leaves this machine; FOLDER is only read.
 */
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { zstdDecompressSync } from 'node:zlib';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { runAction, type StepResult } from '../dev/runner/index.ts';
import { type Issuer, startIssuer } from '../dev/s3-server/oidc/issuer.ts';
import { type S3Server, startS3Server } from '../dev/s3-server/server.ts';

const ACTION = resolve(import.meta.dirname, '../action.yml');
const ROLE = 'arn:aws:iam::123456789012:role/backup';
const BUCKET = 'acme-backups';
const SERIES = 'demo';
const REPOSITORY = 'octo-org/octo-repo';
const RUNS = 3;
const KEPT = 2;

interface Stage {
  readonly server: S3Server;
  readonly issuer: Issuer;
  readonly workspace: string;
  /** True for the generated project, which changes from run to run. */
  readonly generated: boolean;
}

function heading(text: string): void {
  console.log(`\n${'='.repeat(100)}\n${text}\n${'='.repeat(100)}`);
}

async function main(): Promise<void> {
  const folder = process.argv[2];
  const workspace = folder === undefined ? await mkdtemp(join(tmpdir(), 'demo-')) : resolve(folder);
  const issuer = await startIssuer({ workflow: { repository: REPOSITORY } });
  const server = await startServer(issuer);
  try {
    const stage: Stage = { server, issuer, workspace, generated: folder === undefined };
    let last: StepResult | undefined;
    for (let run = 1; run <= RUNS; run++) last = await backupOnce(stage, run);
    if (last === undefined) throw new Error('no run');
    showResult(last);
    showBucket(server, last);
    await readBack(server, last);
  } finally {
    await server.close();
    await issuer.close();
    if (folder === undefined) await rm(workspace, { recursive: true });
  }
}

/** The role trusts tokens of one repository only, as a role in AWS would. */
function startServer(issuer: Issuer): Promise<S3Server> {
  const trustPolicy = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: `arn:aws:iam::123456789012:oidc-provider/${issuer.hostPath}` },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: {
          StringEquals: { [`${issuer.hostPath}:aud`]: 'sts.amazonaws.com' },
          StringLike: { [`${issuer.hostPath}:sub`]: `repo:${REPOSITORY}:*` },
        },
      },
    ],
  };
  const permissionPolicy = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: [`arn:aws:s3:::${BUCKET}`, `arn:aws:s3:::${BUCKET}/*`] }],
  };
  return startS3Server({
    region: 'eu-west-1',
    buckets: [BUCKET],
    issuers: [issuer.url],
    roles: { [ROLE]: { trustPolicy, permissionPolicy } },
  });
}

async function backupOnce(stage: Stage, run: number): Promise<StepResult> {
  heading(`Run ${run} of ${RUNS}: uses: OWNER/REPO@v1`);
  if (stage.generated) await writeProject(stage.workspace, run);
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken } = stage.issuer.env;
  const result = await runAction({
    action: ACTION,
    workspace: stage.workspace,
    repository: REPOSITORY,
    oidc: { url, requestToken },
    inputs: {
      'role-to-assume': ROLE,
      'sts-endpoint': stage.server.url,
      endpoint: stage.server.url,
      bucket: BUCKET,
      name: SERIES,
      path: '**\n!**/node_modules\n!**/*.map',
      tags: 'team=demo',
      'keep-last': String(KEPT),
    },
    onOutput: (line) => console.log(line),
  });
  if (result.exitCode !== 0) throw new Error(`run ${run} failed with exit code ${result.exitCode}`);
  return result;
}

/** A small project: many small files, one that goes in parts, an odd name, a secret to leave out, and changes from run to run. */
async function writeProject(directory: string, run: number): Promise<void> {
  await mkdir(join(directory, 'dist/assets'), { recursive: true });
  await writeFile(join(directory, 'dist/index.html'), `<!doctype html><title>Build ${run}</title>\n`);
  await writeFile(join(directory, 'dist/app.js'), `console.log('build ${run}');\n`);
  await writeFile(join(directory, 'dist/app.js.map'), '{}\n');
  await writeFile(join(directory, 'dist/odd name – ü 😀.txt'), 'any legal name works\n');
  await writeFile(join(directory, '.env'), 'SECRET=never-stored\n');
  await writeFile(join(directory, `dist/only-in-build-${run}.txt`), `${run}\n`);
  await rm(join(directory, `dist/only-in-build-${run - 1}.txt`), { force: true });
  await writeFile(join(directory, 'dist/database.dump'), Buffer.alloc(20 * 1024 * 1024, `row ${run}\n`));
  for (let i = 0; i < 50; i++) {
    await writeFile(join(directory, `dist/assets/${String(i).padStart(3, '0')}.css`), `.c${i} { order: ${i} }\n`);
  }
}

function showResult({ outputs, summary }: StepResult): void {
  heading('Outputs of the last run');
  for (const [name, value] of Object.entries(outputs)) console.log(`${name.padEnd(16)} ${value}`);
  heading('Job summary of the last run (Markdown; GitHub renders it)');
  console.log(summary);
}

const SHOWN_OBJECTS = 30;

function showBucket({ admin }: S3Server, { outputs }: StepResult): void {
  const objects = admin.listObjects(BUCKET);
  heading(`Bucket ${BUCKET}: ${objects.length} objects, ${KEPT} versions kept, ${RUNS - KEPT} pruned`);
  const isAsset = (key: string) => key.includes('/assets/');
  for (const { key, size } of objects.filter((object) => !isAsset(object.key)).slice(0, SHOWN_OBJECTS)) {
    console.log(`${String(size).padStart(10)}  ${key}`);
  }
  for (const id of JSON.parse(outputs.pruned ?? '[]')) console.log(`    pruned  ${id}`);
  console.log(`            … and ${objects.filter(({ key }) => isAsset(key)).length} objects below assets/`);
  for (const { key, tags } of objects.filter((object) => object.key.includes('/versions/'))) {
    console.log(`\nTags of ${key}:`);
    for (const [name, value] of Object.entries(tags)) console.log(`  ${name} = ${value}`);
  }
}

/** With a plain S3 client and nothing of the tool: record → index → object → SHA-256. */
async function readBack(server: S3Server, { outputs }: StepResult): Promise<void> {
  heading('Read back with a plain S3 client');
  const client = new S3Client({
    endpoint: server.url,
    region: server.region,
    credentials: server.credentials,
    forcePathStyle: true,
  });
  const read = async (key: string) => {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key: key }));
    return buffer((Body ?? []) as AsyncIterable<Uint8Array>);
  };
  const recordKey = outputs['record-key'] ?? '';
  const series = recordKey.slice(0, recordKey.indexOf('versions/'));
  const record: { index: { key: string } } = JSON.parse((await read(recordKey)).toString());
  const index = zstdDecompressSync(await read(`${series}${record.index.key}`))
    .toString()
    .trimEnd()
    .split('\n');
  const files: { path: string; key: string; sha256: string }[] = index
    .map((line) => JSON.parse(line))
    .filter(({ type }) => type === 'file');
  for (const { path, key, sha256 } of files) {
    const found = createHash('sha256')
      .update(await read(`${series}${key}`))
      .digest('hex');
    if (found !== sha256) throw new Error(`${path} is not what was stored`);
  }
  console.log(`${files.length} files of version ${outputs.version} read back; every SHA-256 is that of the index.`);
}

await main();
