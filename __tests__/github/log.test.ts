import { describe, expect, it } from '@jest/globals';
import { ActionsLog } from '../../src/github/log.ts';
import { ProblemCollector } from '../../src/report/problems.ts';
import { onRunner } from './support.ts';

const HOSTILE = 'x\n::error::injected\r\n##[error]injected';

function newLog(): ActionsLog {
  return new ActionsLog(new ProblemCollector());
}

describe('ActionsLog', () => {
  it('lets no text be taken for a command', async () => {
    const runner = await onRunner(async () => {
      const log = newLog();
      log.info(HOSTILE);
      log.debug(HOSTILE);
      log.warn({ kind: 'odd-name', message: 'A name is odd.', subject: HOSTILE });
      await log.step(HOSTILE, async () => log.info(HOSTILE));
      log.flush();
    });
    expect(runner.annotations.kept.map(({ level }) => level)).toEqual(['warning']);
    expect(runner.failed).toBe(false);
  });

  it('folds a step under its name and hands on its result', async () => {
    let result = 0;
    const runner = await onRunner(async () => {
      result = await newLog().step('Upload files', async () => {
        newLog().info('inside');
        return 42;
      });
      newLog().info('after');
    });
    expect(result).toBe(42);
    expect(runner.groups).toEqual(['Upload files']);
    expect(runner.text()).toContain('  inside\nafter\n');
  });

  it('closes the group of a step that fails', async () => {
    const failure = new Error('no');
    let caught: unknown;
    const runner = await onRunner(async () => {
      await newLog()
        .step('Upload files', () => Promise.reject(failure))
        .catch((error: unknown) => {
          caught = error;
        });
      newLog().info('after');
    });
    expect(caught).toBe(failure);
    expect(runner.text()).toContain('\nafter\n');
  });

  it('shows each warning in the debug log only, and one annotation per kind at the end', async () => {
    const problems = new ProblemCollector();
    const work = () => {
      const log = new ActionsLog(problems);
      for (const subject of ['a.txt', 'b.txt', 'c.txt']) {
        log.warn({ kind: 'file-changed', message: 'A file changed.', subject });
      }
      log.warn({ kind: 'no-tagging', message: 'The store has no tags.' });
    };
    const before = await onRunner(work, { debug: true });
    expect(before.annotations.kept).toEqual([]);
    expect(before.text()).toContain('Debug: file-changed: A file changed. [b.txt]');

    const after = await onRunner(() => new ActionsLog(problems).flush());
    expect(after.annotations.kept).toEqual([
      expect.objectContaining({ level: 'warning', title: 'File changed (3 times)' }),
      expect.objectContaining({ level: 'warning', title: 'No tagging', message: 'The store has no tags.' }),
    ]);
  });

  it('annotates nothing where nothing was warned of', async () => {
    const runner = await onRunner(() => newLog().flush());
    expect(runner.annotations.kept).toEqual([]);
  });
});
