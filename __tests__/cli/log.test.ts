import { describe, expect, it } from '@jest/globals';
import { TerminalLog } from '../../src/cli/log.ts';
import { ProblemCollector } from '../../src/report/problems.ts';
import { paperScreen } from './support.ts';

function makeLog({ json = false, verbose = false, isTTY = false } = {}) {
  const { screen, stdout, stderr } = paperScreen({ isTTY });
  const clock = { nowMs: 0 };
  const log = new TerminalLog(screen, { problems: new ProblemCollector(), json, verbose, nowMs: () => clock.nowMs });
  return { log, stdout, stderr, clock };
}

async function aCommand(log: TerminalLog): Promise<void> {
  log.info('before');
  await log.step('First', async () => {
    log.info('in it');
    log.debug('more of it');
  });
  log.info('the result');
}

describe('TerminalLog', () => {
  it('has the result on stdout, and the way there on stderr', async () => {
    const { log, stdout, stderr } = makeLog();
    await aCommand(log);
    expect(stdout.text).toBe('the result\n');
    expect(stderr.text).toBe('before\nFirst\n  in it\n');
  });

  it('leaves stdout alone where the result is JSON', async () => {
    const { log, stdout, stderr } = makeLog({ json: true });
    await aCommand(log);
    expect(stdout.text).toBe('');
    expect(stderr.text).toBe('before\nFirst\n  in it\nthe result\n');
  });

  it('says more when asked to', async () => {
    const { log, stderr } = makeLog({ verbose: true });
    await aCommand(log);
    expect(stderr.text).toContain('  more of it\n');
  });

  it('goes on after a step that failed', async () => {
    const { log, stdout } = makeLog();
    await expect(log.step('First', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    log.info('after');
    expect(stdout.text).toBe('after\n');
  });

  it('warns of each kind once, at the end', () => {
    const { log, stderr } = makeLog();
    for (const subject of ['a', 'b']) log.warn({ kind: 'file-changed', message: 'A file changed.', subject });
    expect(stderr.text).toBe('');
    log.flush();
    expect(stderr.text).toBe('warning: File changed (2 times): A file changed. Seen with: a, b.\n');
  });

  it('names inputs as flags, but not in a result, where a file may be called so', async () => {
    const { log, stdout, stderr } = makeLog({ verbose: true });
    await log.step('Select files', async () => log.info('set `include-hidden-files: true` to include them'));
    log.warn({ kind: 'odd', message: '`level: data` reads them.', subject: '`path`' });
    log.info('1 B  `path`');
    log.flush();
    expect(stdout.text).toBe('1 B  `path`\n');
    expect(stderr.text.split('\n')).toEqual([
      'Select files',
      '  set `--include-hidden-files true` to include them',
      'odd: `--level data` reads them. [`path`]',
      'warning: Odd: `--level data` reads them. Seen with: `path`.',
      '',
    ]);
  });

  it('shows hostile text as it is written, line by line', async () => {
    const { log, stdout, stderr } = makeLog({ verbose: true });
    await log.step('one\u001b[2J', async () => log.debug('a\nb\u202e'));
    log.info('::error::x\u009b');
    log.warn({ kind: 'odd', message: 'Odd.', subject: '\u001b]0;title\u0007' });
    log.flush();
    expect(stdout.text + stderr.text).not.toMatch(/[\p{Cf}[\p{Cc}--\n]]/v);
    expect(stderr.text).toContain('  a\n  b\\u202e\n');
    expect(stdout.text).toBe('\\::error::x\\u009b\n');
  });

  it('draws a bar at a terminal, which goes with the step', async () => {
    const { log, stderr, clock } = makeLog({ isTTY: true });
    await log.step('Upload', async () => {
      const total = { files: 2, bytes: 100 };
      expect(log.progress({ files: 0, bytes: 0 }, total)).toBe(true);
      clock.nowMs = 1000;
      expect(log.progress({ files: 1, bytes: 50 }, total)).toBe(true);
      expect(stderr.text).toContain('[#####.....] 1 of 2 files');
    });
    expect(stderr.text.endsWith('\r\u001b[2K')).toBe(true);
  });

  it('draws the last state before the bar goes, and a new bar for the next transfer of a step', async () => {
    const { log, stderr, clock } = makeLog({ isTTY: true });
    await log.step('Verify', async () => {
      const first = { files: 2, bytes: 100 };
      for (clock.nowMs = 0; clock.nowMs <= 1000; clock.nowMs += 1000) log.progress({ files: 1, bytes: 90 }, first);
      log.progress(first, first);
      const second = { files: 2, bytes: 100 };
      for (const files of [0, 1]) {
        clock.nowMs += 1000;
        log.progress({ files, bytes: 50 * files }, second);
      }
      clock.nowMs += 1;
      log.progress({ files: 1, bytes: 60 }, second);
    });
    const bars = stderr.text.split('\r\u001b[2K').filter((bar) => bar.startsWith('['));
    expect(bars.map((bar) => bar.replace(/, [^,]*\/s.*/, ''))).toEqual([
      '[#########.] 1 of 2 files, 90 B of 100 B (90 %)',
      '[##########] 2 of 2 files, 100 B of 100 B (100 %)',
      '[#####.....] 1 of 2 files, 50 B of 100 B (50 %)',
      '[######....] 1 of 2 files, 60 B of 100 B (60 %)',
    ]);
    expect(stderr.text).not.toContain('-');
  });

  it('leaves progress to lines elsewhere', () => {
    const { log, stderr } = makeLog();
    expect(log.progress({ files: 1, bytes: 50 }, { files: 2, bytes: 100 })).toBe(false);
    expect(stderr.text).toBe('');
  });
});
