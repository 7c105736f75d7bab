import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import { writeAction } from './fixture.ts';

// Starting programs takes its time on a busy machine.
jest.setTimeout(60_000);

const MAIN = join(import.meta.dirname, '../../../dev/runner/main.ts');

function runMain(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [MAIN, ...args], (_error, stdout, stderr) => {
      resolve({ code: child.exitCode ?? -1, stdout, stderr });
    });
  });
}

describe('the command line of the runner', () => {
  it('shows log, outputs and summary of both phases', async () => {
    await using fixture = await writeAction(
      `
      import { appendFileSync } from 'node:fs';
      console.log('::group::Greet');
      console.log(process.env.INPUT_WHO, process.env.GITHUB_REPOSITORY);
      appendFileSync(process.env.GITHUB_OUTPUT, 'answer=42\\n');
      appendFileSync(process.env.GITHUB_STEP_SUMMARY, '# Greeted\\n');
      `,
      'inputs: { who: {} }\n',
      `console.log('tidied up')`,
    );
    const { code, stdout } = await runMain(
      ...['--action', fixture.action, '--workspace', fixture.workspace],
      ...['--input', 'who=a=b', '--repository', 'octo/demo'],
    );
    expect(code).toBe(0);
    expect(stdout).toContain('▼ Greet\n  a=b octo/demo\n\n=== success (exit code 0)');
    expect(stdout).toContain('=== outputs\nanswer=42\n\n=== summary\n# Greeted\n');
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('tidied up');
  });

  it('fails when the action does', async () => {
    await using fixture = await writeAction('process.exitCode = 3');
    const { code, stdout } = await runMain('--action', fixture.action, '--workspace', fixture.workspace);
    expect(code).toBe(1);
    expect(stdout).toContain('=== failure (exit code 3)');
  });

  it.each([[[]], [['--workspace', '.', '--input', 'x']], [['--unknown']]])('explains itself upon %j', async (args) => {
    const { code, stderr } = await runMain(...args);
    expect(code).toBe(2);
    expect(stderr).toContain('usage: node dev/runner/main.ts');
  });
});
