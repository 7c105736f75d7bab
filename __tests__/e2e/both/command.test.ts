import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { programCommand } from '../../cli/support.ts';
import { untilAt } from '../at-gate.ts';
import type { Bucket } from '../bucket.ts';
import { expectNoVersion, expectRestorable, SERIES } from '../stored.ts';
import { plant } from '../tree.ts';
import { REGION, startWorld, type World, withWorkspace } from '../world.ts';

const MIB = 2 ** 20;
/** More than a step without a bound would have. */
const LONG_MIB = 192;
/** What Node, the bundle and the SDK take by themselves, with room to spare. */
const BASE_BYTES = 200 * MIB;

const run = promisify(execFile);

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

describe('a step with a command', () => {
  it('stores its output beside the files, compressed where it pays, and it comes back', async () => {
    const bucket = await world.createBucket();
    await withWorkspace(async (workspace) => {
      await plant(workspace, { 'in/a': 'first', 'in/z': 'last' });
      const script = 'pwd\nprintf "%s\\n" "$WORD"\necho dumping >&2\nhead -c 3000000 /dev/zero | tr "\\0" x';
      const inputs = { path: 'in/**', command: script, 'stdin-name': 'in/dump.sql' };
      const result = await world.backup(bucket, { workspace, inputs, env: { WORD: 'a word' } });
      expect(result).toMatchObject({ exitCode: 0, annotations: [], outputs: { version: '1', files: '3' } });
      expect(result.stdout).toContain('stderr: dumping');
      const lines = await bucket.index(result.outputs['record-key'] ?? '');
      expect(lines.map(({ path }) => path)).toEqual(['in/a', 'in/dump.sql', 'in/z']);
      expect(lines[1]).toMatchObject({ mode: '0644', key: expect.stringMatching(/\/files\/in\/dump\.sql\.zst$/) });

      const verified = await world.run('verify', bucket, { workspace, inputs: { version: 'latest', level: 'data' } });
      expect(verified).toMatchObject({ exitCode: 0, outputs: { ok: 'true' } });
      await world.run('restore', bucket, { workspace, inputs: { version: 'latest', target: 'back' } });
      const dump = (await readFile(join(workspace, 'back/in/dump.sql'))).toString();
      expect(dump.startsWith(`${workspace}\na word\nxxxxxxxx`)).toBe(true);
      expect(dump).toHaveLength(workspace.length + 8 + 3_000_000);
    });
  });

  it('keeps inputs and tokens from it, and needs no files', async () => {
    const bucket = await world.createBucket();
    await withWorkspace(async (workspace) => {
      const inputs = { path: '', command: 'env', 'stdin-name': 'env.txt' };
      const env = { AWS_PROFILE: 'mine', SECRET: 'of the job' };
      const result = await world.backup(bucket, { workspace, inputs, env });
      expect(result).toMatchObject({ exitCode: 0, annotations: [], outputs: { files: '1' } });
      const [line] = await expectRestorable(bucket, result.outputs['record-key'] ?? '');
      const seen = (await bucket.read(`${SERIES}${line?.key}`)).toString();
      for (const name of ['AWS_PROFILE=mine', 'SECRET=of the job', 'GITHUB_REPOSITORY=']) expect(seen).toContain(name);
      expect(seen).not.toMatch(/^(INPUT_|ACTIONS_ID_TOKEN|ACTIONS_RUNTIME_TOKEN|AWS_SECRET|AWS_SESSION)/m);
    });
  });

  it.each([
    {
      name: 'fails in a pipeline',
      command: 'echo begun; (echo no route to host >&2; exit 3) | cat',
      says: /exit code 3: no route to host$/,
    },
    { name: 'is killed', command: 'head -c 20000000 /dev/urandom; kill -9 $$', says: /signal SIGKILL/ },
    { name: 'does not exist', command: 'no-such-program', says: /exit code 127: .*no-such-program/ },
    { name: 'writes nothing', command: 'true', says: /wrote nothing to stdout/ },
  ])('that $name makes no version', async ({ command, says }) => {
    const bucket = await world.createBucket();
    await withWorkspace(async (workspace) => {
      const result = await world.backup(bucket, { workspace, inputs: { path: '', command, 'stdin-name': 'dump' } });
      expect(result).toMatchObject({ exitCode: 1, outputs: {} });
      expect(result.annotations).toEqual([
        expect.objectContaining({ level: 'error', message: expect.stringMatching(says) }),
      ]);
      await expectNoVersion(bucket);
      expect(await bucket.keys(`${SERIES}data/`)).toEqual([]);
    });
  });

  it('that clashes with a file is refused before anything is written', async () => {
    const bucket = await world.createBucket();
    await withWorkspace(async (workspace) => {
      await plant(workspace, { 'dump.sql': 'a file' });
      const inputs = { command: 'echo dump', 'stdin-name': 'dump.sql' };
      const result = await world.backup(bucket, { workspace, inputs });
      expect(result.annotations).toEqual([
        expect.objectContaining({ message: expect.stringContaining('clashes with `stdin-name`, "dump.sql"') }),
      ]);
      expect(await bucket.keys()).toEqual([]);
    });
  });

  it('takes as much memory as it may, however long the output is', async () => {
    const bucket = await world.createBucket();
    await withWorkspace(async (workspace) => {
      const command = `head -c ${LONG_MIB * MIB} /dev/urandom`;
      const inputs = { path: '', command, 'stdin-name': 'noise', 'max-memory': '32MiB' };
      const result = await world.backup(bucket, { workspace, inputs });
      expect(result).toMatchObject({ exitCode: 0, annotations: [], outputs: { bytes: String(LONG_MIB * MIB) } });
      await expectRestorable(bucket, result.outputs['record-key'] ?? '');
      expect(result.maxRssBytes).toBeLessThan(BASE_BYTES + 32 * MIB);
    });
  });

  it('is ended with the step, and its upload aborted', async () => {
    const bucket = await world.createBucket();
    await withWorkspace(async (workspace) => {
      const inputs = { path: '', command: 'cat /dev/urandom', 'stdin-name': 'endless', concurrency: '2' };
      const step = await world.start(bucket, { workspace, inputs });
      const uploading = async () => {
        while ((await bucket.uploads()).length === 0) {
          // each look is a request, and the step goes on meanwhile
        }
      };
      await untilAt(uploading(), step);
      step.cancel();
      expect(await step.done).toMatchObject({ exitCode: 1, signal: null, conclusion: 'cancelled', outputs: {} });
      await expectNoVersion(bucket);
      expect(await bucket.keys(`${SERIES}data/`)).toEqual([]);
    });
  });
});

describe('a terminal with a command', () => {
  /** Runs a line of a shell, in which `backup` is the program with that command. */
  async function shell(bucket: Bucket, directory: string, line: string) {
    const variables = {
      AWS_ACCESS_KEY_ID: world.owner.accessKeyId,
      AWS_SECRET_ACCESS_KEY: world.owner.secretAccessKey,
      VSB_BUCKET: bucket.name,
      VSB_NAME: 'dist',
      VSB_ENDPOINT: world.endpoint,
      VSB_AWS_REGION: REGION,
    };
    const { file, args, cwd, env } = programCommand(['backup'], { directory, variables });
    const script = `backup() { '${file}' '${args.join("' '")}' "$@"; }; ${line}`;
    const ended = run('bash', ['-c', script], { cwd, env }).then(
      ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
      ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
    );
    return ended;
  }

  it.each([
    [
      'behind --, without a shell',
      `backup --stdin-name dump --json -- printf '%s|' '$HOME' '*' --json`,
      '$HOME|*|--json|',
    ],
    ['that reads what is piped in', 'printf abc | backup --stdin-name dump --json -- tr a-z A-Z', 'ABC'],
    ['whose output is piped in', 'printf abc | backup --stdin-name dump --json', 'abc'],
  ])('stores the output of one %s', async (_, line, content) => {
    const bucket = await world.createBucket();
    await withWorkspace(async (directory) => {
      const { code, stdout } = await shell(bucket, directory, line);
      expect(code).toBe(0);
      const { outputs } = JSON.parse(stdout);
      expect(outputs).toMatchObject({ version: '1', files: '1', bytes: String(content.length) });
      const [entry] = await expectRestorable(bucket, outputs['record-key']);
      expect((await bucket.read(`${SERIES}${entry?.key}`)).toString()).toBe(content);
    });
  });

  it('takes no number for a program that is not there', async () => {
    const bucket = await world.createBucket();
    await withWorkspace(async (directory) => {
      const result = await shell(bucket, directory, 'backup --stdin-name dump -- no-such-program --all');
      const stderr = expect.stringMatching(/The command "no-such-program" cannot be started: it was not found/);
      expect(result).toMatchObject({ code: 1, stderr });
      expect(await bucket.keys()).toEqual([]);
    });
  });

  it.each([
    [
      `backup --stdin-name dump -- bash -c 'echo wrong: $AWS_SECRET_ACCESS_KEY >&2; exit 4'`,
      1,
      /exit code 4: wrong: \*\*\*/,
    ],
    ['backup --stdin-name dump < /dev/null', 1, /Nothing came in on stdin/],
    ['backup -- echo', 2, /The input `stdin-name` is empty, but/],
    [
      'backup --stdin-name /etc/dump -- echo',
      2,
      /The input `stdin-name` is "\/etc\/dump", but it has an empty segment/,
    ],
    ['backup --stdin-name dump --', 2, /ends in `--`/],
    ['backup --path x --command echo', 2, /unknown option '--command'/],
  ])('makes no version: %s', async (line, code, says) => {
    const bucket = await world.createBucket();
    await withWorkspace(async (directory) => {
      const result = await shell(bucket, directory, line);
      expect(result).toMatchObject({ code, stderr: expect.stringMatching(says) });
      expect(result.stderr).not.toContain(world.owner.secretAccessKey);
      await expectNoVersion(bucket);
    });
  });
});
