import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { type Completable, completionScript, SHELLS } from '../../src/cli/completion.ts';

const COMMANDS: readonly Completable[] = [
  { name: 'backup', words: ['--bucket', '--path'] },
  { name: 'completion', words: ['bash', 'zsh'] },
];

const has = (shell: string) => spawnSync(shell, ['-c', 'true']).status === 0;

/** What bash would offer for the last of the words. */
function offered(words: readonly string[]): string[] {
  const script = `${completionScript('bash', COMMANDS)}
    COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')})
    COMP_CWORD=${words.length - 1}
    _versioned_s3_backup
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout.split('\n').filter((line) => line !== '');
}

describe('completionScript', () => {
  for (const shell of SHELLS) {
    (has(shell) ? it : it.skip)(`is a script that ${shell} takes`, () => {
      const checked = spawnSync(shell, ['-n'], { input: completionScript(shell, COMMANDS), encoding: 'utf8' });
      expect({ status: checked.status, stderr: checked.stderr }).toEqual({ status: 0, stderr: '' });
    });
  }

  it('is tried in both shells at least where both come with the system', () => {
    const isCertain = process.platform === 'darwin' && process.env.CI === 'true';
    if (isCertain) expect(SHELLS.filter((shell) => !has(shell))).toEqual([]);
  });

  it.each([
    [
      ['versioned-s3-backup', ''],
      ['backup', 'completion'],
    ],
    [['versioned-s3-backup', 'b'], ['backup']],
    [['versioned-s3-backup', 'backup', '--b'], ['--bucket']],
    [
      ['versioned-s3-backup', 'backup', '--path', 'x', '--'],
      ['--bucket', '--path'],
    ],
    [['versioned-s3-backup', 'backup', '--path', ''], []],
    [['versioned-s3-backup', 'backup', '--path', 'dis'], []],
    [['versioned-s3-backup', 'completion', 'z'], ['zsh']],
    [
      ['versioned-s3-backup', 'completion', ''],
      ['bash', 'zsh'],
    ],
    [['versioned-s3-backup', 'unknown', '--'], []],
  ])('completes %j in bash', (words, expected) => {
    expect(offered(words)).toEqual(expected);
  });

  it('leaves file names to bash, and asks it for them where nothing else fits', () => {
    expect(completionScript('bash', COMMANDS)).toMatch(/^complete -o default -F _versioned_s3_backup /m);
  });

  it('names all that can follow in zsh', () => {
    const script = completionScript('zsh', COMMANDS);
    expect(script).toMatch(/^#compdef versioned-s3-backup$/m);
    expect(script).toContain('compadd -- backup completion');
    expect(script).toContain('backup) compadd -- --bucket --path ;;');
  });
});
