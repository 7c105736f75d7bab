import { describe, expect, it } from '@jest/globals';
import { renderRestoreSummary } from '../../../src/report/restore/summary.ts';
import { NOT_FOUND, RESTORED } from './fixture.ts';

describe('renderRestoreSummary', () => {
  it('tells result, amounts, version and place', () => {
    const page = renderRestoreSummary(RESTORED);
    expect(page).toMatch(
      /^### Restore dist version 42\n\nRestored in 2\.0 s: 3 files, 4\.0 KiB\. Every byte was checked\.\n/,
    );
    expect(page).toContain('| Target | <code>/work/restored-dist-000042-abc</code> |');
    expect(page).toContain('| Not asked for | 7 entries |');
    expect(page).toContain('| ID | <code>dist_full_20261122T080910Z_000042</code> |');
    expect(page).toContain('| Bucket | <code>acme</code> |');
  });

  it('says why there is nothing', () => {
    const page = renderRestoreSummary(NOT_FOUND);
    expect(page).toMatch(
      /^### Restore dist version 7\n\n\*\*Nothing was restored\.\*\* The version "7" was not found\.\n/,
    );
    expect(page).not.toContain('| Target');
  });

  it('names problems', () => {
    const problems = [{ kind: 'special-mode-bits', message: 'Bits are not restored.', count: 2, examples: ['<b>'] }];
    const page = renderRestoreSummary({ ...RESTORED, problems });
    expect(page).toContain('**Special mode bits** (2 times): Bits are not restored.');
    expect(page).not.toContain('<b>');
  });

  it('shows hostile text as text', () => {
    const run = { ...(RESTORED.run ?? {}), workflow: '</table><script>', actor: '@everyone|' };
    const page = renderRestoreSummary({
      ...RESTORED,
      run: { ...RESTORED.run, ...run } as NonNullable<typeof RESTORED.run>,
    });
    expect(page).not.toMatch(/<script|<\/table|\|everyone/);
  });
});
