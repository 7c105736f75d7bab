import { describe, expect, it } from '@jest/globals';
import { commitLink } from '../../src/report/commit-link.ts';
import { loadReport } from '../fixtures/reports/load.ts';

const { run } = loadReport('first-version');

describe('commitLink', () => {
  it('links a commit to its page, beside that of the run', () => {
    expect(commitLink(run).source).toBe(
      `[<code>${run.commit}</code>](https://github.com/acme/shop/commit/${run.commit})`,
    );
  });

  it('links nothing that is no commit, and nothing without a page of the run', () => {
    expect(commitLink({ ...run, commit: 'main' }).source).toBe('<code>main</code>');
    expect(commitLink({ ...run, url: '' }).source).toBe(`<code>${run.commit}</code>`);
  });
});
