import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateMultipartUploadCommand } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type S3Server, startS3Server } from '../../dev/s3-server/server.ts';
import { runPost } from '../../src/github/run-post.ts';
import { s3Client } from '../dev/s3-server/integration/support.ts';
import { ID, KEYS } from '../series/series-fixture.ts';
import { minimalInputs, onRunner } from './support.ts';

const BUCKET = minimalInputs.bucket ?? '';
const OPEN = KEYS.file(ID, 'large.bin');

let server: S3Server;
let folder: string;
const variables: string[] = [];
beforeEach(async () => {
  server = await startS3Server({ buckets: [BUCKET] });
  folder = await mkdtemp(join(tmpdir(), 'run-post-'));
});
afterEach(async () => {
  for (const name of variables.splice(0)) delete process.env[name];
  await server.close();
  await rm(folder, { recursive: true });
});

function set(prefix: string, values: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(values)) {
    process.env[prefix + name] = value;
    variables.push(prefix + name);
  }
}

/** The post phase of a step, and what the runner shows of it. */
async function post(state: Readonly<Record<string, string>>, inputs: Readonly<Record<string, string>> = {}) {
  const { prefix, series: name } = KEYS.location;
  const place = { prefix, name, endpoint: server.url, 'aws-region': server.region, 'force-path-style': 'true' };
  const given = Object.entries({ ...minimalInputs, ...place, ...inputs });
  set('INPUT_', Object.fromEntries(given.map(([input, value]) => [input.toUpperCase(), value])));
  set('STATE_', state);
  const { accessKeyId, secretAccessKey } = server.credentials;
  set('AWS_', { ACCESS_KEY_ID: accessKeyId, SECRET_ACCESS_KEY: secretAccessKey });
  set('', { GITHUB_WORKSPACE: folder, RUNNER_TEMP: folder });
  const log = await onRunner(runPost);
  return { text: log.text().trim(), annotations: log.annotations.kept };
}

/** As a step that was killed leaves it. */
async function openUpload(): Promise<void> {
  await s3Client(server).send(new CreateMultipartUploadCommand({ Bucket: BUCKET, Key: OPEN }));
  server.requests.clear();
}

const uploads = () => server.admin.listUploads(BUCKET).length;

describe('runPost', () => {
  it.each([
    ['took no number', {}],
    ['came to its end', { claimed: ID, ended: 'true' }],
  ])('says and asks nothing after a step that %s', async (_which, state) => {
    await openUpload();
    expect(await post(state, { resume: 'false' })).toEqual({ text: '', annotations: [] });
    expect(server.requests.all).toEqual([]);
  });

  it('keeps what a killed step has stored for its next attempt', async () => {
    await openUpload();
    const { text, annotations } = await post({ claimed: ID });
    expect(text).toContain(`what it has stored of ${ID}, parts of open uploads included, is kept for its next attempt`);
    expect([annotations, server.requests.all, uploads()]).toEqual([[], [], 1]);
  });

  it('denies no version whose record may be there', async () => {
    const { text } = await post({ claimed: ID, committing: ID });
    expect(text).toContain(
      `killed while it committed ${ID}. If the version is listed, it is whole. If not: what it has`,
    );
    expect(server.requests.all).toEqual([]);
  });

  it.each(['true', 'false'])(
    'says that the version is there, and touches nothing of it (`resume: %s`)',
    async (resume) => {
      await openUpload();
      const { text, annotations } = await post({ claimed: ID, committing: ID, committed: ID }, { resume });
      expect(text).toMatch(new RegExp(`^The step was killed after it had committed ${ID}: the version is whole`));
      expect(text).not.toContain('abandoned-after');
      expect([annotations, server.requests.all, uploads()]).toEqual([[], [], 1]);
    },
  );

  it('ends the uploads of a killed step that has no next attempt', async () => {
    await openUpload();
    const { text, annotations } = await post({ claimed: ID }, { resume: 'false' });
    expect(text).toContain('1 upload that it had left open ended');
    expect([annotations, uploads()]).toEqual([[], 0]);
  });

  it.each([
    ['an input is wrong', ID, { concurrency: 'many' }, /concurrency.*many/],
    ['the version is of another series', ID.replace('dist', 'other'), {}, /is no version of this series/],
    ['the bucket is not there', ID, { bucket: 'no-such-bucket' }, /no-such-bucket/],
  ])('warns, and never fails, where %s', async (_why, claimed, inputs, message) => {
    await openUpload();
    const { annotations } = await post({ claimed }, { resume: 'false', ...inputs });
    expect(annotations).toMatchObject([{ level: 'warning', message: expect.stringMatching(message) }]);
    expect(process.exitCode ?? 0).toBe(0);
    expect(uploads()).toBe(1);
  });
});
