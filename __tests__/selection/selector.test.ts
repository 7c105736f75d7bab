import { describe, expect, it } from '@jest/globals';
import { parsePatterns } from '../../src/selection/parse-patterns.ts';
import { POSIX } from '../../src/selection/paths.ts';
import type { LocationKind } from '../../src/selection/pattern.ts';
import { Selector, type Verdict } from '../../src/selection/selector.ts';

type Judge = (path: string, kind?: LocationKind) => Verdict;

/** Judges paths below `/r`; one that ends in a slash is a directory. */
async function judging(patterns: readonly string[], includeHiddenFiles = false): Promise<Judge> {
  const base = { root: '/r', rootAsGiven: '/r', home: () => '/r', style: POSIX };
  const selector = new Selector(await parsePatterns(patterns, base), { root: '/r', includeHiddenFiles, style: POSIX });
  return (path, kind = path.endsWith('/') ? 'directory' : 'file') => {
    const names = path.split('/').filter(Boolean);
    const place = names.reduce((parent, name) => selector.child(parent, name), selector.root());
    return selector.judge(place, kind);
  };
}

const SELECTED = { selected: true, entered: false, skipped: undefined };
const ENTERED = { selected: false, entered: true, skipped: undefined };
const BOTH = { selected: true, entered: true, skipped: undefined };
const OUT = { selected: false, entered: false, skipped: undefined };
const HIDDEN = { ...OUT, skipped: 'hidden' };
const CREDENTIALS = { ...OUT, skipped: 'credentials' };

describe('Selector without restrictions', () => {
  it('lets the last match win', async () => {
    const judge = await judging(['a', '!a/b', 'a/b/c']);
    expect(judge('a/x')).toEqual(SELECTED);
    expect(judge('a/b/x')).toEqual(OUT);
    expect(judge('a/b/c')).toEqual(SELECTED);
    const other = await judging(['!a/b', 'a']);
    expect(other('a/b/x')).toEqual(SELECTED);
  });

  it('does not enter what is excluded with all below it', async () => {
    const judge = await judging(['**', '!**/node_modules']);
    expect(judge('src/')).toEqual(BOTH);
    expect(judge('src/node_modules/')).toEqual(OUT);
  });

  it('enters what is excluded where a later pattern takes something back', async () => {
    const judge = await judging(['**', '!a', 'a/b/*.js']);
    expect(judge('a/')).toEqual(ENTERED);
    expect(judge('a/b/')).toEqual(ENTERED);
    expect(judge('a/c/')).toEqual(OUT);
    expect(judge('a/b/x.js')).toEqual(SELECTED);
  });

  it('does not enter what cannot lead to a match', async () => {
    const judge = await judging(['a/*/c', 'd/e']);
    expect(judge('a/')).toEqual(ENTERED);
    expect(judge('a/b/')).toEqual(ENTERED);
    expect(judge('a/b/x/')).toEqual(OUT);
    expect(judge('b/')).toEqual(OUT);
    expect(judge('d/')).toEqual(ENTERED);
    expect(judge('d/e/')).toEqual(BOTH);
  });

  it('selects nothing with excludes alone', async () => {
    const judge = await judging(['!a']);
    expect(judge('a')).toEqual(OUT);
    expect(judge('b/')).toEqual(OUT);
  });

  it('selects a link a pattern goes through, unless a later one excludes it', async () => {
    expect((await judging(['a/link/b/*']))('a/link', 'symlink')).toEqual(SELECTED);
    expect((await judging(['a/link/b/*', '!a/link']))('a/link', 'symlink')).toEqual(OUT);
    expect((await judging(['!a/link', 'a/link/b/*']))('a/link', 'symlink')).toEqual(SELECTED);
  });
});

describe('Selector and hidden names', () => {
  it('leaves them out, and says so only where the patterns want them', async () => {
    const judge = await judging(['a/**', '!a/.x']);
    expect(judge('a/.h')).toEqual(HIDDEN);
    expect(judge('a/.d/')).toEqual(HIDDEN);
    expect(judge('a/.x')).toEqual(OUT);
    expect(judge('b/.h')).toEqual(OUT);
    expect((await judging(['*.js']))('.d/')).toEqual(OUT);
    expect((await judging(['**/*.js']))('.d/')).toEqual(HIDDEN);
  });

  it('takes them when asked to', async () => {
    expect((await judging(['**'], true))('a/.h')).toEqual(SELECTED);
  });

  it('takes those a pattern writes out, each segment by itself', async () => {
    const judge = await judging(['.github/**', 'a/.h']);
    expect(judge('.github/')).toEqual(BOTH);
    expect(judge('.github/x')).toEqual(SELECTED);
    expect(judge('.github/.x')).toEqual(HIDDEN);
    expect(judge('a/.h')).toEqual(SELECTED);
    expect((await judging(['.*', '.h*', '**/.?']))('.h')).toEqual(HIDDEN);
    expect((await judging(['**/.h']))('a/b/.h')).toEqual(SELECTED);
  });

  it('lets through only the pattern that writes the name out', async () => {
    const judge = await judging(['**', '.config/app/*.toml']);
    expect(judge('.config/')).toEqual(ENTERED);
    expect(judge('.config/app/x.toml')).toEqual(SELECTED);
    expect(judge('.config/app/x.txt')).toEqual(HIDDEN);
    expect(judge('.config/other/')).toEqual(HIDDEN);
  });

  it('does not look above the root', async () => {
    const base = { root: '/.r', rootAsGiven: '/.r', home: () => '/.r', style: POSIX };
    const selector = new Selector(await parsePatterns(['**'], base), {
      root: '/.r',
      includeHiddenFiles: false,
      style: POSIX,
    });
    expect(selector.judge(selector.child(selector.root(), 'a'), 'file')).toEqual(SELECTED);
  });
});

describe('Selector and credentials', () => {
  it('leaves them out even if hidden files are included', async () => {
    const judge = await judging(['**', '.*'], true);
    expect(judge('.git/')).toEqual(CREDENTIALS);
    expect(judge('a/.env.local')).toEqual(CREDENTIALS);
    expect(judge('a/gha-creds-1.json')).toEqual(CREDENTIALS);
    expect(judge('.gitignore')).toEqual(SELECTED);
  });

  it('takes those a pattern writes out, and nothing beside them', async () => {
    const judge = await judging(['**', '.git/config', 'a/.env', 'gha-creds-1.json']);
    expect(judge('.git/')).toEqual(ENTERED);
    expect(judge('.git/config')).toEqual(SELECTED);
    expect(judge('.git/HEAD')).toEqual(CREDENTIALS);
    expect(judge('.git/objects/')).toEqual(CREDENTIALS);
    expect(judge('a/.env')).toEqual(SELECTED);
    expect(judge('.env')).toEqual(CREDENTIALS);
    expect(judge('gha-creds-1.json')).toEqual(SELECTED);
    expect(judge('gha-creds-2.json')).toEqual(CREDENTIALS);
  });

  it('calls what is below a credential a credential', async () => {
    const judge = await judging(['**', '.git/hooks/x']);
    expect(judge('.git/hooks/.h')).toEqual(CREDENTIALS);
  });

  it('does not count what the user excludes', async () => {
    const judge = await judging(['**', '!.git', '!**/gha-creds-*.json']);
    expect(judge('.git/')).toEqual(OUT);
    expect(judge('a/gha-creds-1.json')).toEqual(OUT);
  });
});
