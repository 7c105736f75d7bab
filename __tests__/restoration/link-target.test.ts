import { posix } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { leavesTarget, linkTextProblem } from '../../src/restoration/link-target.ts';
import { POSIX, WINDOWS } from '../../src/selection/paths.ts';

describe('leavesTarget', () => {
  it.each([
    ['link', 'file'],
    ['link', './file'],
    ['link', 'a/b'],
    ['link', '.'],
    ['a/link', '..'],
    ['a/link', '../b/c'],
    ['a/b/link', '../../x'],
    ['a/b/link', '././../x/./y//z'],
    ['link', '...'],
    ['link', 'a..b'],
  ])('%j → %j stays inside', (path, target) => {
    expect(leavesTarget(path, target, POSIX)).toBeUndefined();
    expect(leavesTarget(path, target, WINDOWS)).toBeUndefined();
  });

  it.each([
    ['link', '..'],
    ['link', '../target-evil'],
    ['link', '/etc'],
    ['link', '//server/share'],
    ['a/link', '../..'],
    ['a/b/link', '../../../x'],
    ['link', 'a/..'],
    ['a/link', '../b/../../..'],
  ])('%j → %j may lead out', (path, target) => {
    expect(leavesTarget(path, target, POSIX)).toEqual(expect.any(String));
    expect(leavesTarget(path, target, WINDOWS)).toEqual(expect.any(String));
  });

  it.each(['..\\evil', 'C:\\evil', 'C:evil', '\\evil', '\\\\server\\share', 'a\\..\\..\\evil'])(
    '%j may lead out on Windows only',
    (target) => {
      expect(leavesTarget('link', target, POSIX)).toBeUndefined();
      expect(leavesTarget('link', target, WINDOWS)).toEqual(expect.any(String));
    },
  );

  it('stays inside through any chain of links that stay inside', () => {
    const name = fc.constantFrom('a', 'b', 'c');
    const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));
    const target = fc
      .array(fc.oneof(name, fc.constantFrom('..', '.')), { minLength: 1, maxLength: 4 })
      .map((parts) => parts.join('/'));
    fc.assert(
      fc.property(fc.dictionary(path, target, { maxKeys: 6 }), (links) => {
        const kept = Object.entries(links).filter(([from, to]) => leavesTarget(from, to, POSIX) === undefined);
        // As in a version: nothing is below a link.
        const leaves = kept.filter(([from]) => !kept.some(([other]) => from.startsWith(`${other}/`)));
        for (const [from] of leaves) expect(resolve(`/t/${from}`, new Map(leaves))).toMatch(/^(?:\/t(?:\/|$)|loop$)/);
      }),
      { numRuns: 2000 },
    );
  });
});

/** Follows links below `/t` as a system does, segment by segment. */
function resolve(path: string, links: ReadonlyMap<string, string>): string {
  let [done, rest] = ['/', path.split('/').filter(Boolean)];
  for (let steps = 0; rest.length > 0; steps++) {
    if (steps > 200) return 'loop';
    const [name = '', ...others] = rest;
    const next = posix.join(done, name);
    const target = links.get(next.replace(/^\/t\//, ''));
    if (name !== '..' && target !== undefined && next.startsWith('/t/')) rest = [...target.split('/'), ...others];
    else [done, rest] = [next, others];
    if (!`${done}/`.startsWith('/t/') && done !== '/') return done;
  }
  return done;
}

describe('linkTextProblem', () => {
  it.each(['', 'a\0b', '\ud800', 'x'.repeat(4096)])('refuses %j', (target) => {
    expect(linkTextProblem(target)).toEqual(expect.any(String));
  });

  it.each(['a', '/etc/passwd', '../..', 'x'.repeat(4095), 'ü😀', ' '])('takes %j', (target) => {
    expect(linkTextProblem(target)).toBeUndefined();
  });
});
