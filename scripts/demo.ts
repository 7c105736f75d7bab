/**
 * `npm run demo [-- FOLDER]`: the whole way on this machine. An S3 server with STS and an OIDC issuer is started, and
 * the committed bundle runs three times as a workflow step would: OIDC token → role → versions in the bucket → prune.
 * Then the bucket is shown, and the latest version is restored into a scratch directory and compared. Nothing leaves this
 * machine; FOLDER is only read.
 */
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { nodeAt, snapshot } from '../__tests__/e2e/compare-trees.ts';
import { runAction, type StepResult } from '../dev/runner/index.ts';
import { type Issuer, startIssuer } from '../dev/s3-server/oidc/issuer.ts';
import { type S3Server, startS3Server } from '../dev/s3-server/server.ts';

const BACKUP_ACTION = resolve(import.meta.dirname, '../action.yml');
const RESTORE_ACTION = resolve(import.meta.dirname, '../restore/action.yml');
const ROLE = 'arn:aws:iam::123456789012:role/backup';
const BUCKET = 'acme-backups';
const SERIES = 'demo';
const REPOSITORY = 'octo-org/octo-repo';
const RUNS = 3;
const KEPT = 2;

/** As the runner shows it, indented in a group. */
const DEBUG_LINE = /^(\s*)Debug: /;

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
    await restoreAndCompare(stage, last);
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
  return runStep(stage, BACKUP_ACTION, stage.workspace, {
    path: '**\n!**/node_modules\n!**/*.map',
    tags: 'team=demo',
    'keep-last': String(KEPT),
  });
}

/** A step of a workflow, with the committed bundle. */
async function runStep(
  { issuer, server }: Stage,
  action: string,
  workspace: string,
  inputs: Readonly<Record<string, string>>,
): Promise<StepResult> {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken } = issuer.env;
  const result = await runAction({
    action,
    workspace,
    repository: REPOSITORY,
    oidc: { url, requestToken },
    inputs: {
      'role-to-assume': ROLE,
      'sts-endpoint': server.url,
      endpoint: server.url,
      bucket: BUCKET,
      name: SERIES,
      ...inputs,
    },
    debug: true,
    onOutput: showLine,
  });
  if (result.exitCode !== 0) throw new Error(`the step failed with exit code ${result.exitCode}`);
  return result;
}

/** Of the lines for debugging only the one that says which role was assumed. */
function showLine(line: string): void {
  if (!DEBUG_LINE.test(line) || line.includes('Assumed ')) console.log(line.replace(DEBUG_LINE, '$1'));
}

/**
 * A small project: many small files, one that goes in parts, an odd name, a mode, a link, an empty directory, a secret to
 * leave out, and changes from run to run.
 */
async function writeProject(directory: string, run: number): Promise<void> {
  await mkdir(join(directory, 'dist/assets'), { recursive: true });
  await writeFile(join(directory, 'dist/index.html'), `<!doctype html><title>Build ${run}</title>\n`);
  await writeFile(join(directory, 'dist/app.js'), `console.log('build ${run}');\n`);
  await writeFile(join(directory, 'dist/app.js.map'), '{}\n');
  await writeFile(join(directory, 'dist/odd name – ü 😀.txt'), 'any legal name works\n');
  await writeFile(join(directory, 'dist/start.sh'), '#!/bin/sh\n');
  await chmod(join(directory, 'dist/start.sh'), 0o755);
  await mkdir(join(directory, 'dist/cache'), { recursive: true });
  if (run === 1) await symlink('app.js', join(directory, 'dist/latest.js'));
  await writeFile(join(directory, '.env'), 'SECRET=never-stored\n');
  await writeFile(join(directory, `dist/only-in-build-${run}.txt`), `${run}\n`);
  await rm(join(directory, `dist/only-in-build-${run - 1}.txt`), { force: true });
  await writeFile(join(directory, 'dist/database.dump'), databaseDump(run));
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

const DUMP_BYTES = 20 * 1024 * 1024;

/** Like a real one it is another in every run and shrinks to about half: hexadecimal digits. */
function databaseDump(run: number): string {
  const head = `-- Dump ${run}\n`;
  return head + randomBytes((DUMP_BYTES - head.length) / 2).toString('hex');
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

/** Into a directory of its own; then every entry is compared with what was backed up: content, mode, time, link. */
async function restoreAndCompare(stage: Stage, { outputs }: StepResult): Promise<void> {
  heading('Getting the latest version back: uses: OWNER/REPO/restore@v1');
  const scratch = await mkdtemp(join(tmpdir(), 'demo-restored-'));
  try {
    const { outputs: restored } = await runStep(stage, RESTORE_ACTION, scratch, { version: 'latest', links: 'keep' });
    const { target = '' } = restored;
    const found = await snapshot(target);
    const files = Object.values(found).filter(({ kind }) => kind === 'file').length;
    if (restored['version-id'] !== outputs['version-id'] || String(files) !== outputs.files) {
      throw new Error(`${files} files of ${restored['version-id']} came back instead of ${outputs.files}`);
    }
    for (const [path, node] of Object.entries(found)) {
      const original = await nodeAt(join(stage.workspace, path));
      if (!isDeepStrictEqual(node, original)) throw new Error(`${path} is not what was backed up`);
    }
    console.log(
      `\nRestored and compared: all ${files} files of version ${outputs.version} are as they were. What was restored, ${target}, is removed again.`,
    );
  } finally {
    await rm(scratch, { recursive: true });
  }
}

await main();
