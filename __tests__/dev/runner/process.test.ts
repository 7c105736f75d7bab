import { readFile } from 'node:fs/promises';
import { constants } from 'node:os';
import { describe, expect, it, jest } from '@jest/globals';
import { type OutputLine, RunningProcess } from '../../../dev/runner/process.ts';

// Starting programs takes its time on a busy machine.
jest.setTimeout(60_000);

// Windows knows no signals: there, a process that is sent one is gone.
const posix = process.platform !== 'win32';

function run(script: string, onLine: (line: OutputLine) => void = () => {}): Promise<RunningProcess> {
  const args = ['--input-type=module', '-e', script];
  return RunningProcess.start({ file: process.execPath, args, cwd: process.cwd(), env: {} }, onLine);
}

describe('RunningProcess', () => {
  it('collects the output and the exit code', async () => {
    const lines: OutputLine[] = [];
    const running = await run(`console.log('out'); console.error('err'); process.exitCode = 4;`, (line) =>
      lines.push(line),
    );
    expect(await running.done).toEqual({ exitCode: 4, signal: null });
    expect([await running.stdout, await running.stderr]).toEqual(['out\n', 'err\n']);
    expect(lines).toHaveLength(2);
    expect(lines).toEqual(
      expect.arrayContaining([
        { stream: 'stdout', text: 'out' },
        { stream: 'stderr', text: 'err' },
      ]),
    );
  });

  it('loses nothing of a long output', async () => {
    let count = 0;
    const running = await run(`for (let n = 0; n < 20_000; n++) console.log('line ' + n);`, () => {
      count += 1;
    });
    await running.done;
    expect(count).toBe(20_000);
    expect((await running.stdout).endsWith('line 19999\n')).toBe(true);
  });

  it('says when a program cannot be started', async () => {
    const start = RunningProcess.start({ file: '/no/such/program', args: [], cwd: '.', env: {} }, () => {});
    await expect(start).rejects.toThrow('ENOENT');
  });

  it('sends SIGTERM 7.5 s after SIGINT, and kills 2.5 s after that', async () => {
    const running = await run(`
      for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => console.log('ignored ' + signal));
      setInterval(() => {}, 1000);
      console.log('ready');
    `);
    await running.untilLine(/^ready$/);
    const waits: number[] = [];
    // time passes once the program has ignored the signal
    const ignored = [/^ignored SIGINT$/, /^ignored SIGTERM$/];
    await running.cancel((milliseconds) => {
      waits.push(milliseconds);
      return running.untilLine(ignored.shift() ?? /never/);
    });
    const exit = await running.done;
    if (posix) {
      expect(exit).toEqual({ exitCode: null, signal: 'SIGKILL' });
      expect(waits).toEqual([7500, 2500]);
    }
  });

  it('ends what the program leaves running', async () => {
    const running = await run(`
      import { spawn } from 'node:child_process';
      const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' });
      console.log(child.pid);
      child.unref();
    `);
    await running.done;
    expect(await isGone(Number(await running.stdout))).toBe(true);
  });

  it('finds a line that has passed, and fails when none will come', async () => {
    const running = await run(`console.log('one'); console.error('two');`);
    const lines: string[] = [];
    running.onLine(({ text }) => lines.push(text));
    const missing = running.untilLine(/three/);
    await expect(missing).rejects.toThrow('ended without a line like /three/');
    await running.done;
    expect(await running.untilLine(/two/)).toEqual({ stream: 'stderr', text: 'two' });
    expect(lines.sort()).toEqual(['one', 'two']);
  });
});

/** A killed process may still wait to be reaped: such a zombie has no command line any more. */
async function isGone(pid: number): Promise<boolean> {
  if (process.platform === 'linux') {
    const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    return commandLine === '';
  }
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return typeof error === 'object' && error !== null && 'errno' in error && error.errno === -constants.errno.ESRCH;
  }
}
