import { describe, it } from '@jest/globals';
import { directory, file, symlink } from '../scene.ts';
import { damage, expectRefused } from './refusal.ts';

describe('paths that lead out (Zip Slip: CVE-2018-1002203, CVE-2007-4559)', () => {
  it.each([
    '..',
    '../evil',
    '../../evil',
    'a/../../evil',
    'a/../b',
    'a/..',
    './a',
    'a/./b',
    'a/.',
    '.',
    'a//b',
    'a/',
    '/..',
    '/../evil',
    'etc//..',
    'foo/../bar',
  ])('%j is refused', (path) => expectRefused({ items: [file(path)] }, damage(/is not restored: it /)));

  it('is refused also where the entry is not chosen, or would be harmless once stripped', async () => {
    const items = [file('../evil'), file('good')];
    await expectRefused({ items }, { message: /"..\/evil" is not restored/ }, { patterns: ['good'] });
    await expectRefused({ items }, { message: /"..\/evil" is not restored/ }, { rules: { stripComponents: 1 } });
  });

  it('stops before the good entries before it are written', () =>
    expectRefused({ items: [file('a'), file('b/c'), file('d/../../e')] }, damage(/has a '..' segment/)));
});

describe('absolute paths (CVE-2026-31802)', () => {
  it.each(['/etc/passwd', '//etc/passwd', '//server/share/x', '/'])('%j is refused', (path) =>
    expectRefused({ items: [file(path)] }, damage(/is not restored: it is absolute/)),
  );
});

describe('names that are one file (CVE-2026-23950, CVE-2021-37701)', () => {
  it('that strip-components makes the same are refused', () =>
    expectRefused(
      { items: [file('a/same'), file('b/same')] },
      { message: /"(a|b)\/same" is not restored: in the target it would be the same as "(a|b)\/same"/ },
      { rules: { stripComponents: 1 } },
    ));

  it('that stand twice in the index are refused, as a directory and a link too', async () => {
    const twice = damage(/is not the one its record speaks of/);
    await expectRefused({ items: [file('a'), file('a', 'other')] }, twice);
    await expectRefused({ items: [directory('a'), symlink('a', 'b')] }, twice);
    await expectRefused({ items: [file('b'), file('a')] }, twice);
  });
});

describe('odd bytes in paths (node-tar 7a635c2)', () => {
  it.each([
    ['a NUL', 'a\0b', /has a NUL character/],
    ['half a character', 'a\ud800', /is not valid Unicode|cannot be read/],
    ['more than a path can be', `${'a/'.repeat(2048)}a`, /its path has more than 4095 bytes/],
    [
      'more than a path in the target can be',
      `${'a/'.repeat(2046)}a`,
      /in the target its path has more than 4095 bytes/,
    ],
    ['a name of 300 bytes', 'x'.repeat(300), /has a name of more than 255 bytes/],
    ['nothing', '', /has a line that is no entry/],
  ])('%s is refused', (_, path, message) => expectRefused({ items: [directory(path)] }, { message }));

  it('a time that is none is refused', () =>
    expectRefused({ items: [file('a', '', { mtime: 'yesterday' })] }, damage(/its time is "yesterday"/)));
});
