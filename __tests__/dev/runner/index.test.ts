import { access, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import { runAction, runPost, startAction } from '../../../dev/runner/index.ts';
import { writeAction } from './fixture.ts';

// Starting programs takes its time on a busy machine.
jest.setTimeout(60_000);

describe('runAction', () => {
  it('reads everything back', async () => {
    await using fixture = await writeAction(
      `
      import { appendFileSync } from 'node:fs';
      console.log('::group::Greet');
      console.log('hello ' + process.env.INPUT_WHO);
      console.log('::endgroup::');
      console.log('::add-mask::hunter2');
      console.log('password hunter2');
      console.log('::notice title=Odd::seen');
      console.error('to stderr');
      appendFileSync(process.env.GITHUB_OUTPUT, 'answer<<ghadelimiter_1\\nforty\\ntwo\\nghadelimiter_1\\n');
      appendFileSync(process.env.GITHUB_STATE, 'started=yes\\n');
      appendFileSync(process.env.GITHUB_ENV, 'LEAK=no\\n');
      appendFileSync(process.env.GITHUB_PATH, '/opt/bin\\n');
      appendFileSync(process.env.GITHUB_STEP_SUMMARY, '# Greeted, hunter2\\n');
      `,
      'inputs:\n  who: { default: world }\n',
    );
    const result = await runAction(fixture);
    expect(result).toMatchObject({
      exitCode: 0,
      signal: null,
      conclusion: 'success',
      outputs: { answer: 'forty\ntwo' },
      state: { started: 'yes' },
      exportedEnv: { LEAK: 'no' },
      addedPath: ['/opt/bin'],
      summary: '# Greeted, ***\n',
      summaryDropped: false,
      annotations: [{ level: 'notice', title: 'Odd', message: 'seen' }],
      annotationsDropped: 0,
      groups: ['Greet'],
      masks: ['hunter2'],
      stderr: 'to stderr\n',
    });
    expect(result.stdout).toContain('password hunter2\n');
    expect(result.log.split('\n').filter((line) => line !== 'to stderr')).toEqual([
      '▼ Greet',
      '  hello world',
      'password ***',
      'Notice: seen',
      '',
    ]);
    expect(result.durationMs).toBeGreaterThan(0);
  });

  it('gives the action the environment of the runner and nothing of its own', async () => {
    await using fixture = await writeAction(`
      import { readFileSync } from 'node:fs';
      import { homedir } from 'node:os';
      const event = JSON.parse(readFileSync(process.env.GITHUB_EVENT_PATH, 'utf8'));
      console.log(JSON.stringify({ env: process.env, cwd: process.cwd(), home: homedir(), event, args: process.argv }));
    `);
    process.env.SECRET_OF_THE_HOST = 'x';
    const run = { repository: 'a/b', sha: '1'.repeat(40), runId: '42', event: { action: 'opened' } };
    const result = await runAction({ ...fixture, ...run, env: { STEP: 'own' } });
    delete process.env.SECRET_OF_THE_HOST;
    const seen = JSON.parse(result.stdout);
    expect(seen.env).toMatchObject({ GITHUB_REPOSITORY: 'a/b', GITHUB_SHA: run.sha, GITHUB_RUN_ID: '42', STEP: 'own' });
    expect(seen.env).not.toHaveProperty('SECRET_OF_THE_HOST');
    expect(seen.env).not.toHaveProperty('NODE_OPTIONS');
    expect(seen.home).toBe(seen.env.HOME);
    expect(seen.cwd).toBe(fixture.workspace);
    expect(seen.event).toEqual({ action: 'opened' });
    expect(seen.args).toHaveLength(2);
    await expect(access(seen.env.HOME)).rejects.toThrow('ENOENT');
  });

  it('masks secrets and the OIDC request token from the start', async () => {
    await using fixture = await writeAction(
      `console.log(process.env.INPUT_KEY, process.env.ACTIONS_ID_TOKEN_REQUEST_TOKEN);`,
      'inputs: { key: {} }\n',
    );
    const oidc = { url: 'http://127.0.0.1:1/token', requestToken: 'request-token' };
    const result = await runAction({ ...fixture, inputs: { key: 'my key' }, secrets: ['my key'], oidc });
    expect(result.stdout).toBe('my key request-token\n');
    expect(result.log).toBe('*** ***\n');
  });

  it('keeps a RUNNER_TEMP that it was given', async () => {
    await using fixture = await writeAction(`
      import { writeFileSync } from 'node:fs';
      writeFileSync(process.env.RUNNER_TEMP + '/left', 'behind');
    `);
    const temp = join(fixture.workspace, 'temp');
    await runAction({ ...fixture, temp });
    expect(await readFile(join(temp, 'left'), 'utf8')).toBe('behind');
  });

  it('warns of inputs that the action does not declare', async () => {
    await using fixture = await writeAction(`console.log(process.env.INPUT_BUCKETS)`);
    const result = await runAction({ ...fixture, inputs: { buckets: 'b' } });
    expect(result.annotations).toMatchObject([{ level: 'warning', message: expect.stringContaining("'buckets'") }]);
    expect(result.stdout).toBe('b\n');
  });

  it('hands over the log as it grows', async () => {
    await using fixture = await writeAction(`console.log('::group::g'); console.log('a');`);
    const lines: string[] = [];
    await runAction({ ...fixture, onOutput: (line) => lines.push(line) });
    expect(lines).toEqual(['▼ g', '  a']);
  });

  it('cannot run what is not there', async () => {
    await using fixture = await writeAction('');
    await expect(runAction({ ...fixture, node: join(fixture.workspace, 'no-node') })).rejects.toThrow('ENOENT');
    await rm(fixture.action);
    await expect(runAction(fixture)).rejects.toThrow('ENOENT');
  });
});

describe('runPost', () => {
  it('hands the state of the main phase to the post phase', async () => {
    await using fixture = await writeAction(
      `import { appendFileSync } from 'node:fs'; appendFileSync(process.env.GITHUB_STATE, 'upload-id=7\\n');`,
      '',
      `console.log('aborting ' + process.env['STATE_upload-id']);`,
    );
    const main = await runAction(fixture);
    const post = await runPost(fixture, main.state);
    expect(post?.stdout).toBe('aborting 7\n');
  });

  it('does nothing without a post phase', async () => {
    await using fixture = await writeAction('');
    expect(await runPost(fixture, {})).toBeUndefined();
  });
});

describe('startAction', () => {
  it('says who runs and what it prints', async () => {
    await using fixture = await writeAction('console.log(process.pid)');
    const step = await startAction(fixture);
    expect((await step.untilLine(/^\d+$/)).text).toBe(String(step.pid));
    expect((await step.done).stdout).toBe(`${step.pid}\n`);
  });
});
