import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { run } from '../../src/cli/run.ts';
import type { Variables } from '../../src/github/environment.ts';
import { Paper } from './support.ts';

const SECRET = 'wrong/secret+0123456789';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'run-'));
});
afterEach(() => rm(directory, { recursive: true }));

async function runLine(line: string, variables: Variables = {}) {
  const [stdout, stderr] = [new Paper(), new Paper()];
  const exitCode = await run(line.split(' '), {
    variables,
    directory,
    configDirectory: join(directory, 'config'),
    userName: () => 'octo',
    stdin: () => Readable.from([]),
    stdinIsTerminal: true,
    stdout,
    stderr,
    signal: new AbortController().signal,
    nowMs: () => 0,
  });
  return { exitCode, stdout: stdout.text, stderr: stderr.text };
}

describe('run', () => {
  it('shows help that was asked for on stdout, and help instead of a command on stderr', async () => {
    const asked = await runLine('--help');
    expect(asked).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^Usage: /), stderr: '' });
    expect(await runLine('help')).toEqual(asked);
    const { exitCode, stdout, stderr } = await runLine('backup --help');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain('--part-size <value>');
  });

  it.each(['bash', 'zsh'])('prints a script for %s that knows all commands', async (shell) => {
    const { exitCode, stdout } = await runLine(`completion ${shell}`);
    expect(exitCode).toBe(0);
    for (const command of ['backup', 'restore', 'verify', 'list', 'prune', 'pin', 'unpin']) {
      expect(stdout).toMatch(new RegExp(`^ +${command}\\) .*--bucket .*--json`, 'm'));
    }
  });

  it('says which input of the environment it leaves out where that would delete', async () => {
    const variables = { VSB_MAX_AGE: '26h' };
    const note = /^max-age of the configuration is for verify .* --max-age makes prune delete by it$/m;
    expect((await runLine('prune', variables)).stderr).toMatch(note);
    expect((await runLine('prune --max-age 26h', variables)).stderr).not.toMatch(note);
  });

  it('says why a command line is refused, and how to write one', async () => {
    const { exitCode, stdout, stderr } = await runLine('backup --bukcet x');
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toBe(
      "error: The command line cannot be used: unknown option '--bukcet' (Did you mean --bucket?)\n" +
        '  See versioned-s3-backup --help, or versioned-s3-backup with a command and --help.\n',
    );
  });

  it('prints an object for a refused command line too, where JSON is asked for', async () => {
    const { exitCode, stdout } = await runLine('backup --bukcet x --json');
    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ command: '', ok: false, exitCode: 2, error: { input: 'command' } });
  });

  it('says which file the inputs are from', async () => {
    await writeFile(join(directory, 'versioned-s3-backup.yml'), 'bucket: X\nprofiles: { a: { name: b } }\n');
    const { exitCode, stderr } = await runLine('list --profile a');
    expect(exitCode).toBe(2);
    expect(stderr).toContain(
      `Inputs from ${JSON.stringify(join(directory, 'versioned-s3-backup.yml'))}, profile "a"\n`,
    );
    expect(stderr).toContain('error: The input `bucket` is "X", but');
  });

  it('hides secrets of the environment wherever they turn up', async () => {
    const variables = { AWS_SECRET_ACCESS_KEY: SECRET };
    for (const line of [`backup --${SECRET}`, `list --bucket ${SECRET}`, `list --config ${SECRET} --json`]) {
      const { exitCode, stdout, stderr } = await runLine(line, variables);
      expect(exitCode).toBe(2);
      expect(stderr).toContain('***');
      expect(stdout + stderr).not.toContain(SECRET);
    }
  });
});
