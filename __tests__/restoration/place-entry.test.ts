import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkEntry, placeEntry } from '../../src/restoration/place-entry.ts';
import type { RestoreRules } from '../../src/restoration/types.ts';
import { POSIX, WINDOWS } from '../../src/selection/paths.ts';
import type { Entry } from '../../src/series/model.ts';
import { fileEntry } from '../series/series-fixture.ts';
import { targetAt } from './scratch.ts';

const RULES: RestoreRules = { stripComponents: 0, overwrite: 'never', links: 'refuse' };
const TARGET = targetAt('/work/target', { style: POSIX });
const mtime = '2026-11-22T08:00:00Z';

describe('checkEntry', () => {
  const check = (entry: Entry, problem?: string) => () => checkEntry(entry, () => problem);

  it.each<Entry>([
    fileEntry('a/b'),
    { path: 'l', type: 'symlink', mtime, target: '/anywhere' },
    { path: 'd', type: 'directory', mtime: '1969-12-31T23:59:59.9Z', mode: '0755' },
  ])('takes %j', (entry) => {
    expect(check(entry)).not.toThrow();
  });

  it('refuses by path, link text, time and key', () => {
    expect(check(fileEntry('../a'))).toThrow(/"..\/a" is not restored: it has a '..' segment. Nothing was written\.$/);
    expect(check({ path: 'l', type: 'symlink', mtime, target: '' })).toThrow(/it points nowhere/);
    expect(check(fileEntry('a', { mtime: 'now' }))).toThrow(/its time is "now"/);
    expect(check(fileEntry('a'), 'its object is another')).toThrow(/"a" is not restored: its object is another\./);
  });

  it('ends in an error or in nothing for any entry', () => {
    const entry = fc.record({
      path: fc.string({ unit: 'binary' }),
      type: fc.constant('symlink' as const),
      mtime: fc.oneof(fc.string(), fc.constant(mtime)),
      target: fc.string({ unit: 'binary' }),
    });
    fc.assert(
      fc.property(entry, (hostile) => {
        try {
          check(hostile)();
        } catch (error) {
          expect(error).toMatchObject({ name: 'BackupError', details: { code: 'DAMAGED', key: hostile.path } });
        }
      }),
      { numRuns: 10_000 },
    );
  });
});

describe('placeEntry', () => {
  it('puts an entry below the target', () => {
    const entry = fileEntry('a/b');
    expect(placeEntry(entry, RULES, TARGET)).toEqual({ key: 'a\0b', path: 'a/b', entry });
    expect(placeEntry(entry, { ...RULES, stripComponents: 1 }, TARGET)).toEqual({ key: 'b', path: 'b', entry });
    expect(placeEntry(entry, { ...RULES, stripComponents: 2 }, TARGET)).toBeUndefined();
  });

  it('refuses names that this machine cannot have, of what is to be restored', () => {
    const windows = { ...TARGET, style: WINDOWS };
    for (const path of ['nul', 'a\\..\\..\\evil', 'C:x']) {
      const place = () => placeEntry(fileEntry(path), RULES, windows);
      expect(place).toThrow(expect.objectContaining({ details: expect.not.objectContaining({ code: 'DAMAGED' }) }));
      expect(placeEntry(fileEntry(path), RULES, TARGET)?.path).toBe(path);
    }
    expect(placeEntry(fileEntry('aux/b'), { ...RULES, stripComponents: 1 }, windows)?.path).toBe('b');
  });

  it('judges a link by the place it is restored to', () => {
    const entry: Entry = { path: 'a/b/link', type: 'symlink', mtime, target: '../../c' };
    expect(placeEntry(entry, RULES, TARGET)?.path).toBe('a/b/link');
    expect(() => placeEntry(entry, { ...RULES, stripComponents: 1 }, TARGET)).toThrow(/and it leads out of the target/);
    expect(placeEntry(entry, { ...RULES, stripComponents: 1, links: 'keep' }, TARGET)?.path).toBe('b/link');
  });

  it('judges protection by the place it is restored to', () => {
    const entry = fileEntry('x/.git/hooks/pre-commit');
    expect(() => placeEntry(entry, RULES, TARGET)).toThrow(/`.git\/hooks` decides what later commands run/);
    expect(placeEntry(entry, { ...RULES, stripComponents: 2 }, TARGET)?.path).toBe('hooks/pre-commit');
  });
});
