import { describe, expect, it, jest } from '@jest/globals';
import { runAction, startAction } from '../../../dev/runner/index.ts';
import { writeAction } from './fixture.ts';

// Starting programs takes its time on a busy machine.
jest.setTimeout(60_000);

// Windows knows no signals: there, a process that is sent one is gone.
const posix = process.platform !== 'win32';

describe('the result of a step', () => {
  it.each([
    ['an exit code', 'process.exitCode = 3', 3],
    ['a broken output file', `(await import('node:fs')).writeFileSync(process.env.GITHUB_OUTPUT, 'broken')`, 0],
    ['a refused command', `console.log('::set-env name=A::b')`, 0],
  ])('fails upon %s', async (_case, script, exitCode) => {
    await using fixture = await writeAction(script);
    expect(await runAction(fixture)).toMatchObject({ conclusion: 'failure', exitCode });
  });

  it('drops a summary over 1 MiB with an error, and the step succeeds', async () => {
    await using fixture = await writeAction(`
      import { writeFileSync } from 'node:fs';
      writeFileSync(process.env.GITHUB_STEP_SUMMARY, 'x'.repeat(1024 * 1024 + 1));
    `);
    const result = await runAction(fixture);
    expect(result).toMatchObject({ conclusion: 'success', summary: '', summaryDropped: true });
    expect(result.annotations).toMatchObject([{ level: 'error', message: expect.stringContaining('upload aborted') }]);
  });

  it('measures the memory of the action, not of this process', async () => {
    await using fixture = await writeAction(
      `Buffer.alloc(Number(process.env.INPUT_BYTES), 1)`,
      'inputs: { bytes: {} }\n',
    );
    const ballast = Buffer.alloc(300e6, 1);
    const small = await runAction({ ...fixture, inputs: { bytes: '0' } });
    const large = await runAction({ ...fixture, inputs: { bytes: String(200e6) } });
    expect(ballast).toHaveLength(300e6);
    expect(small.maxRssBytes).toBeLessThan(200e6);
    expect(large.maxRssBytes).toBeGreaterThan(200e6);
  });
});

describe('a step in progress', () => {
  const WAITING = `setInterval(() => {}, 1000); console.log('ready');`;

  it('cancels with SIGINT, which the action may act upon', async () => {
    await using fixture = await writeAction(`
      process.on('SIGINT', () => { console.log('tidied up'); process.exit(5); });
      setInterval(() => {}, 1000);
      console.log('ready');
    `);
    const step = await startAction(fixture);
    await step.untilLine(/^ready$/);
    step.cancel();
    const result = await step.done;
    expect(result.conclusion).toBe('cancelled');
    if (posix) {
      expect(result).toMatchObject({ exitCode: 5, stdout: 'ready\ntidied up\n' });
    }
  });

  it('cancels when its signal is aborted', async () => {
    await using fixture = await writeAction(WAITING);
    const controller = new AbortController();
    const step = await startAction({ ...fixture, signal: controller.signal });
    await step.untilLine(/^ready$/);
    controller.abort();
    expect(await step.done).toMatchObject({ conclusion: 'cancelled', signal: 'SIGINT' });
  });

  it('sends single signals', async () => {
    await using fixture = await writeAction(WAITING);
    const step = await startAction(fixture);
    await step.untilLine(/^ready$/);
    step.kill('SIGTERM');
    expect(await step.done).toMatchObject({ conclusion: 'failure', exitCode: null, signal: 'SIGTERM' });
  });
});
