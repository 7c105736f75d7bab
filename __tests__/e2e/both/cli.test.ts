import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Ended, programCommand, runProgram, start } from '../../cli/support.ts';
import type { Bucket } from '../bucket.ts';
import { snapshot } from '../compare-trees.ts';
import { plant, withTree } from '../tree.ts';
import { REGION, startWorld, type World, withWorkspace } from '../world.ts';

const SERIES = 'backups/dist/';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

/** What a user of this bucket has in the environment: credentials, and where the series is. */
function variablesFor(bucket: Bucket): Readonly<Record<string, string>> {
  return {
    AWS_ACCESS_KEY_ID: world.owner.accessKeyId,
    AWS_SECRET_ACCESS_KEY: world.owner.secretAccessKey,
    VSB_BUCKET: bucket.name,
    VSB_NAME: 'dist',
    VSB_ENDPOINT: world.endpoint,
    VSB_AWS_REGION: REGION,
  };
}

interface Shell {
  readonly directory: string;
  readonly bucket: Bucket;
  /** Runs the program in the directory. */
  run(line: string, variables?: Readonly<Record<string, string>>): Promise<Ended>;
  /** As {@link run}, with `--json`; what was printed. */
  json(line: string, variables?: Readonly<Record<string, string>>): Promise<JsonResult>;
}

interface JsonResult {
  readonly command: string;
  readonly ok: boolean;
  readonly exitCode: number;
  readonly outputs: Readonly<Record<string, string>>;
  readonly error?: { readonly message: string; readonly code?: string };
}

async function withShell(work: (shell: Shell) => Promise<void>): Promise<void> {
  const bucket = await world.createBucket();
  await withWorkspace(async (directory) => {
    const run: Shell['run'] = (line, variables = {}) =>
      runProgram(line.split(' '), { directory, variables: { ...variablesFor(bucket), ...variables } });
    const json: Shell['json'] = async (line, variables) => {
      const { stdout, exitCode } = await run(`${line} --json`, variables);
      const result: JsonResult = JSON.parse(stdout);
      expect(result.exitCode).toBe(exitCode);
      return result;
    };
    await work({ directory, bucket, run, json });
  });
}

describe('the commands of a terminal', () => {
  it('do what the actions do: backup, list, verify, restore, pin, prune, unpin', async () => {
    await withShell(async ({ directory, json }) => {
      await plant(directory, { 'in/a': 'first', 'in/b/c': 'other', 'in/link': { linkTo: 'a' }, 'in/empty/': '' });
      const root = join(directory, 'in');
      const first = await json(`backup --path ** --root ${root}`);
      expect(first).toMatchObject({ command: 'backup', ok: true, outputs: { version: '1', files: '2', pruned: [] } });
      const before = await snapshot(root);
      await plant(root, { a: 'second' });
      await json(`backup --path ** --root ${root}`);

      expect((await json('list')).outputs).toMatchObject({ kind: 'versions', count: '2' });
      expect(await json('verify --level data --version all')).toMatchObject({ ok: true, outputs: { ok: 'true' } });

      const restored = await json('restore --version 1 --target back');
      expect(await snapshot(restored.outputs.target ?? '')).toEqual(before);

      expect((await json('pin --version 1 --reason release')).outputs).toMatchObject({ changed: 'true' });
      // No variable says who it is here, as under cron.
      const pin = { by: userInfo().username, reason: 'release' };
      expect((await json('list')).outputs).toMatchObject({ versions: [{ pinned: false }, { pin }] });
      expect((await json('prune --keep-last 1')).outputs).toMatchObject({ pruned: [] });
      expect((await json('unpin --version 1')).outputs).toMatchObject({ changed: 'true' });
      expect((await json('prune --keep-last 1')).outputs).toMatchObject({ pruned: [first.outputs['version-id']] });
    });
  });

  it('print the result on stdout and the way there on stderr', async () => {
    await withShell(async ({ directory, run }) => {
      await plant(directory, { a: '1234' });
      const { exitCode, stdout, stderr } = await run('backup --path a');
      expect(exitCode).toBe(0);
      expect(stdout).toMatch(/^Version 1 of dist \(full\) committed: 1 file, 4 B, /);
      expect(stderr).toMatch(/^Select files\n {2}Found 1 file \(4 B\)/);
      expect((await run('list')).stdout).toMatch(/^version 1 .*\nThe series dist has 1 version/);
    });
  });

  it('show file names of the bucket as they are written, whatever a terminal would make of them', async () => {
    await withShell(async ({ directory, run, json }) => {
      const name = '\u001b]0;owned\u0007\u202e\u009b2J';
      await plant(directory, { [name]: 'x' });
      await run('backup --path **');
      const { stdout, stderr } = await run('list --version 1 --verbose');
      expect(stdout).toContain('\\u001b]0;owned\\u0007\\u202e\\u009b2J');
      expect(stdout + stderr).not.toMatch(/[\p{Cf}[\p{Cc}--\n]]/v);
      const { outputs } = await json('list --version 1');
      expect(outputs.entries).toMatchObject([{ path: name }]);
    });
  });

  it('keep secrets to themselves', async () => {
    await withShell(async ({ directory, run }) => {
      await plant(directory, { a: '' });
      const secrets = { AWS_SECRET_ACCESS_KEY: 'wrong/secret+0123456789', VSB_EXTERNAL_ID: 'external-0123456789' };
      const chain = '--role-chain arn:aws:iam::123456789012:role/other';
      const { exitCode, stdout, stderr } = await run(
        `backup --path a --verbose --json ${chain} --sts-endpoint ${world.endpoint}`,
        secrets,
      );
      expect(exitCode).not.toBe(0);
      for (const secret of Object.values(secrets)) expect(stdout + stderr).not.toContain(secret);
    });
  });

  it('go on when nobody reads on', async () => {
    await withShell(async ({ directory, bucket }) => {
      await plant(directory, { a: '' });
      const { file, args, ...options } = programCommand(['backup', '--path', 'a'], {
        directory,
        variables: variablesFor(bucket),
      });
      const child = spawn(file, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
      child.stdout.destroy();
      child.stderr.destroy();
      expect(await once(child, 'exit')).toEqual([0, null]);
      expect(await bucket.keys(`${SERIES}versions/`)).toHaveLength(1);
    });
  });
});

describe('the inputs of a terminal', () => {
  it('are flags, then variables, then the profile of a file, then the file', async () => {
    await withShell(async ({ directory, bucket, run }) => {
      const file = `
name: of-the-file
prefix: of-the-file
path: [a]
if-no-files-found: ignore
profiles:
  staging:
    prefix: of-the-profile
    name: of-the-profile
`;
      await writeFile(join(directory, 'versioned-s3-backup.yml'), file);
      await plant(directory, { a: '' });
      const { stderr } = await run('backup --profile staging --name of-the-flag', { VSB_NAME: 'of-the-variable' });
      expect(stderr).toContain('versioned-s3-backup.yml", profile "staging"\n');
      await run('backup --profile staging', { VSB_NAME: 'of-the-variable' });
      await run('backup', { VSB_NAME: 'of-the-variable', VSB_PATH: 'b\nc' });
      const series = (await bucket.keys())
        .filter((key) => key.includes('/versions/'))
        .map((key) => key.split('/versions')[0]);
      expect(series).toEqual(['of-the-profile/of-the-flag', 'of-the-profile/of-the-variable']);
    });
  });

  it('name the run by the checkout, and resolve placeholders by it', async () => {
    await withShell(async ({ directory, bucket, run }) => {
      const identity = ['-c', 'user.name=Octo', '-c', 'user.email=octo@example.com', '-c', 'commit.gpgsign=false'];
      const git = (...args: string[]) =>
        execFileSync('git', ['-C', directory, ...identity, ...args])
          .toString()
          .trim();
      git('init', '--quiet', '--initial-branch=trunk');
      git('remote', 'add', 'origin', 'https://user:secret@example.com/octo/widgets.git');
      git('commit', '--quiet', '--allow-empty', '--message=first');
      await plant(directory, { a: '' });
      await run('backup --path a --name= --prefix {owner}/{ref}/{matrix} --matrix {"os":"bsd"}', { USER: 'octo' });
      const [key = ''] = await bucket.keys('octo/trunk/os.bsd/widgets/versions/');
      expect((await bucket.json(key)).run).toMatchObject({
        repository: 'octo/widgets',
        commit: git('rev-parse', 'HEAD'),
        ref: 'refs/heads/trunk',
        actor: 'octo',
      });
    });
  });

  it('may be a role, assumed with a token that was given', async () => {
    await withShell(async ({ directory, bucket, run }) => {
      await plant(directory, { a: '' });
      const keyless = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' };
      const line = `backup --path a --role-to-assume ${world.roleArn} --sts-endpoint ${world.endpoint}`;
      const without = await run(line, keyless);
      expect(without).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining('error: The input `role-to-assume` needs'),
      });
      await writeFile(join(directory, 'token'), await idToken());
      expect(await run(`${line} --id-token-file token`, keyless)).toMatchObject({ exitCode: 0 });
      expect(await run(line, { ...keyless, VSB_ID_TOKEN: await idToken() })).toMatchObject({ exitCode: 0 });
      expect(await bucket.keys(`${SERIES}versions/`)).toHaveLength(2);
    });
  });
});

describe('the exit code of a terminal', () => {
  it('is 1 for what failed', async () => {
    await withShell(async ({ run }) => {
      expect(await run('restore --version 7')).toMatchObject({
        exitCode: 1,
        stdout: '',
        stderr: expect.stringMatching(/^error: /m),
      });
    });
  });

  it.each([
    ['list --bukcet x', {}, "unknown option '--bukcet'"],
    ['list --bucket X', {}, 'The input `bucket` is "X", but'],
    ['list', { VSB_BUKCET: 'x' }, 'The environment has the variable `VSB_BUKCET`, but'],
    ['list --config absent.yml', {}, 'The file "absent.yml" is not there'],
    ['list --profile staging', {}, 'The profile "staging" was asked for, but'],
  ])('is 2 for %s with %j', async (line, variables, reason) => {
    await withShell(async ({ run, json }) => {
      expect(await run(line, variables)).toMatchObject({
        exitCode: 2,
        stdout: '',
        stderr: expect.stringContaining(reason),
      });
      expect(await json(line, variables)).toMatchObject({
        ok: false,
        exitCode: 2,
        error: { message: expect.stringContaining(reason) },
      });
    });
  });

  it('is 3 for damaged data, whatever is damaged', async () => {
    await withShell(async ({ directory, bucket, run, json }) => {
      await plant(directory, { a: 'intact' });
      await run('backup --path a');
      const keys = await bucket.keys(SERIES);
      for (const { wanted, damage } of DAMAGES) {
        const [key = ''] = keys.filter((name) => wanted.test(name));
        const intact = await bucket.read(key);
        const damaged = damage(intact);
        await (damaged === undefined ? bucket.remove(key) : bucket.put(key, damaged));
        const result = await json('restore --target back');
        expect({ wanted, result }).toMatchObject({ result: { ok: false, exitCode: 3, error: { code: 'DAMAGED' } } });
        expect(await readdir(directory, { recursive: true })).not.toContain('back/a');
        await bucket.put(key, intact);
      }
      expect(await json('restore --target back')).toMatchObject({ exitCode: 0 });
      const [data = ''] = keys.filter((name) => name.endsWith('/files/a'));
      await bucket.put(data, 'intacT');
      const verified = await json('verify --level data');
      expect(verified).toMatchObject({ ok: false, exitCode: 3, outputs: { ok: 'false' }, error: { code: 'DAMAGED' } });
    });
  });

  it('is 3 for damage inside of a pack', async () => {
    await withShell(async ({ directory, bucket, run, json }) => {
      await plant(directory, { a: 'intact', b: 'intact too' });
      await run('backup --path a --path b --layout archive');
      const [pack = ''] = (await bucket.keys(SERIES)).filter((name) => name.endsWith('/packs/0001.tar.zst'));
      const intact = await bucket.read(pack);
      // In the first frame, behind its header: in what is compressed, or in its checksum.
      await bucket.put(pack, intact.fill((intact[20] ?? 0) ^ 1, 20, 21));
      expect(await json('restore --target back')).toMatchObject({ exitCode: 3, error: { code: 'DAMAGED' } });
      expect(await readdir(directory, { recursive: true })).not.toContain('back/a');
      const verified = await json('verify --level data');
      expect(verified).toMatchObject({ exitCode: 3, outputs: { ok: 'false' }, error: { code: 'DAMAGED' } });
    });
  });

  it.each([
    ['SIGINT', 'list', ''],
    ['SIGTERM', 'backup --path a', ': what was not finished is not visible'],
  ] as const)('is 130 after %s to %s', async (signal, command, unfinished) => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const address = silent.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    await withTree({ a: '' }, async (directory) => {
      const variables = { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret' };
      const line = `${command} --bucket acme --name dist --aws-region ${REGION} --endpoint http://127.0.0.1:${port}`;
      const connected = once(silent, 'connection');
      const running = await start(line.split(' '), { directory, variables });
      const [socket] = await connected;
      running.kill(signal);
      expect(await running.done).toEqual({ exitCode: 130, signal: null });
      expect(await running.stderr).toContain(
        `error: The command was interrupted (${signal}) before it was done${unfinished}.\n`,
      );
      socket.destroy();
    });
    silent.close();
  });
});

/** Ways in which a version with the file `a` can be damaged. Undefined: the object is gone. */
const DAMAGES: readonly { readonly wanted: RegExp; readonly damage: (bytes: Buffer) => Uint8Array | undefined }[] = [
  { wanted: /\/files\/a$/, damage: flipped },
  { wanted: /\/files\/a$/, damage: () => undefined },
  { wanted: /index\.ndjson\.zst$/, damage: flipped },
  { wanted: /index\.ndjson\.zst$/, damage: () => undefined },
  { wanted: /\/versions\//, damage: (bytes) => bytes.subarray(0, 100) },
  { wanted: /\/versions\//, damage: (bytes) => Buffer.from(bytes.toString().replace('index.ndjson', 'other.ndjson')) },
  { wanted: /\/versions\//, damage: (bytes) => Buffer.from(bytes.toString().replace('"files": 1', '"files": 2')) },
  // Nothing but its digest of itself tells.
  { wanted: /\/versions\//, damage: (bytes) => Buffer.from(bytes.toString().replace(/"actor": ".*"/, '"actor": "x"')) },
];

function flipped(bytes: Buffer): Uint8Array {
  return bytes.map((byte, index) => (index === bytes.length - 1 ? byte ^ 1 : byte));
}

/** What a service hands out to a job that asks for a token. */
async function idToken(): Promise<string> {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token } = world.issuer.env;
  const reply = await fetch(`${url}&audience=sts.amazonaws.com`, { headers: { authorization: `Bearer ${token}` } });
  const { value }: { value: string } = JSON.parse(await reply.text());
  return value;
}
