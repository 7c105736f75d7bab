import { beforeEach, describe, expect, it } from '@jest/globals';
import { SecretMasker } from '../../../dev/runner/masks.ts';
import { StepLog } from '../../../dev/runner/step-log.ts';

describe('StepLog', () => {
  let log: StepLog;

  const open = (debug: boolean) => new StepLog({ workspace: '/ws', masker: new SecretMasker(), debug });
  const accept = (...lines: string[]) => {
    for (const line of lines) {
      log.accept(line);
    }
  };

  beforeEach(() => {
    log = open(false);
  });

  it('shows groups with their lines indented; a new group ends the one before', () => {
    accept('before', '::group::One', 'a', '::group::Two', 'b', '::endgroup::', 'after');
    expect(log.text()).toBe('before\n▼ One\n  a\n▼ Two\n  b\nafter\n');
    expect(log.groups).toEqual(['One', 'Two']);
  });

  it('shows annotations and collects them', () => {
    accept('::error file=/ws/a.txt,title=Bad::one%0Atwo', '::warning::w', '::notice::n');
    expect(log.text()).toBe('Error: one\ntwo\nWarning: w\nNotice: n\n');
    expect(log.annotations.kept).toEqual([
      { level: 'error', title: 'Bad', message: 'one\ntwo', file: 'a.txt' },
      { level: 'warning', title: '', message: 'w' },
      { level: 'notice', title: '', message: 'n' },
    ]);
    expect(log.failed).toBe(false);
  });

  it('shows debug lines when asked to', () => {
    accept('::debug::hidden');
    expect(log.text()).toBe('');
    log = open(true);
    accept('::debug::shown');
    expect(log.text()).toBe('Debug: shown\n');
  });

  it('masks from the command on, and does not show the command', () => {
    accept('token abc123', '::add-mask::abc123', 'token abc123', '::group::abc123', '::error::abc123');
    expect(log.text()).toBe('token abc123\ntoken ***\n▼ ***\n  Error: ***\n');
    expect(log.masks).toEqual(['abc123']);
    expect(log.groups).toEqual(['***']);
  });

  it('warns of an empty mask', () => {
    accept('::add-mask:: ');
    expect(log.annotations.kept).toMatchObject([
      { level: 'warning', message: expect.stringContaining('empty string') },
    ]);
    expect(log.masks).toEqual([]);
  });

  it('takes commands for text while they are stopped', () => {
    accept('::stop-commands::tok', '::error::text', '##[error]text', '::stop-commands::x', '::tok::', '::error::real');
    expect(log.text()).toBe(
      '::stop-commands::tok\n::error::text\n##[error]text\n::stop-commands::x\n::tok::\nError: real\n',
    );
    expect(log.annotations.kept).toHaveLength(1);
  });

  it.each(['', 'warning', 'pause-logging'])('fails the step that stops commands with the token %j', (token) => {
    accept(`::stop-commands::${token}`, '::notice::still obeyed');
    expect(log.failed).toBe(true);
    expect(log.annotations.kept.at(-1)?.message).toBe('still obeyed');
  });

  it('obeys the commands that files have replaced', () => {
    accept('::set-output name=a::1', '::save-state name=b::2');
    expect([log.outputs, log.state]).toEqual([new Map([['a', '1']]), new Map([['b', '2']])]);
    accept('::set-output::1');
    expect(log.failed).toBe(true);
  });

  it.each(['::set-env name=A::b', '::add-path::/bin'])('fails the step upon %s, which is disabled', (line) => {
    accept(line);
    expect(log.failed).toBe(true);
    expect(log.text()).toContain('command is disabled');
  });

  it('ignores problem matchers and echo', () => {
    accept('::add-matcher::m.json', '::remove-matcher owner=x::', '::echo::on', 'text');
    expect(log.text()).toBe('text\n');
  });

  it('obeys commands in the older form in the middle of a line, as the runner does', () => {
    accept('uploading ##[error]pwned.txt');
    expect(log.annotations.kept).toMatchObject([{ level: 'error', message: 'pwned.txt' }]);
  });

  it('hands over each line as it appears', () => {
    const lines: string[] = [];
    log = new StepLog({ workspace: '/', masker: new SecretMasker(), debug: false, onLine: (line) => lines.push(line) });
    accept('::group::g', 'a');
    expect(lines).toEqual(['▼ g', '  a']);
  });
});
