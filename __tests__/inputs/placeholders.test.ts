import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { InputContext } from '../../src/inputs/context.ts';
import { readPlaceholders, templated } from '../../src/inputs/placeholders.ts';
import { InputReader } from '../../src/inputs/reader.ts';
import { context, sourceOf } from '../github/support.ts';

type Run = Partial<InputContext>;

function resolve(name: string, run: Run = {}, matrix = 'null'): string {
  const reader = new InputReader(sourceOf({ name, matrix }));
  return reader.read(
    'name',
    templated(readPlaceholders(reader, { ...context, ...run }), () => undefined),
  );
}

const ofMatrix = (matrix: unknown) => resolve('{matrix}', {}, JSON.stringify(matrix));
const DIGEST = /-[0-9a-f]{16}$/;

describe('readPlaceholders', () => {
  it.each([
    ['{owner}/{repo}', {}, 'octo-org/demo'],
    ['{ref}', {}, 'main'],
    ['{workflow}_{job}', {}, 'Backup_backup'],
    ['{repo}', { repository: 'group/sub/widgets' }, 'widgets'],
    ['{repo}', { repository: 'alone' }, 'alone'],
    ['{ref}', { ref: 'refs/heads/v1' }, 'v1'],
  ])('knows the run: %s is %3$s', (template, run: Run, expected) => {
    expect(resolve(template, run)).toBe(expected);
  });

  it.each([
    ['{owner}', { repository: 'group/sub/widgets' }, /^group-sub-/],
    ['{workflow}', { workflow: 'Nightly backup' }, /^Nightly-backup-/],
    ['{ref}', { ref: 'refs/heads/feature/x' }, /^feature-x-/],
    ['{ref}', { ref: 'refs/tags/v1' }, /^tags-v1-/],
    ['{ref}', { ref: 'refs/pull/7/merge' }, /^pull-7-merge-/],
    ['{ref}', { ref: 'refs/heads/../..' }, /^x-/],
    ['{ref}', { ref: 'refs/heads/a{repo}b' }, /^a-repo-b-/],
    ['{ref}', { ref: 'refs/heads/$(reboot)' }, /^reboot-/],
    ['{ref}', { ref: 'refs/heads/a\nb' }, /^a-b-/],
  ])('marks what cannot stay as it is: %s of %j', (template, run: Run, start) => {
    expect(resolve(template, run)).toMatch(start);
    expect(resolve(template, run)).toMatch(DIGEST);
  });

  it('tells branches, tags and pull requests of one name apart', () => {
    const refs = ['refs/heads/v1', 'refs/tags/v1', 'refs/heads/tags/v1', 'refs/heads/refs/tags/v1', 'refs/v1', 'v1'];
    expect(new Set(refs.map((ref) => resolve('{ref}', { ref }))).size).toBe(refs.length);
  });

  it.each(['refs/tags/v1', 'refs/heads/feature/login'])('makes of %s what the documents say', async (ref) => {
    const text = await readFile(new URL('../../docs/series.md', import.meta.url), 'utf8');
    expect(text).toContain(`\`${resolve('{ref}', { ref })}\``);
  });

  it('writes a matrix in the order of its keys', () => {
    expect(ofMatrix({ os: 'ubuntu-latest', node: 20 })).toBe('node.20_os.ubuntu-latest');
    expect(ofMatrix({ node: '20', os: 'ubuntu-latest' })).toBe('node.20_os.ubuntu-latest');
    expect(ofMatrix({ python_version: '3.10', debug: true })).toBe('debug.true_python_version.3.10');
  });

  it.each([
    [{ os: 'a_b' }],
    [{ os: ['linux'] }],
    [{ os: { name: 'linux' } }],
    [{ os: null }],
    [{ 'node.js': 20 }],
    [{ os: 'windows latest' }],
  ])('marks a matrix that its text would not tell: %j', (matrix) => {
    expect(ofMatrix(matrix)).toMatch(DIGEST);
  });

  it('never makes one text of two matrices', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', '_', '.', '-'), minLength: 1, maxLength: 4 });
    const value = fc.oneof(word, fc.constant(null), fc.array(word, { maxLength: 2 }));
    const matrix = fc.dictionary(word, value, { minKeys: 1, maxKeys: 3, noNullPrototype: true });
    const canonical = (one: object) => JSON.stringify(Object.entries(one).toSorted(([a], [b]) => (a < b ? -1 : 1)));
    fc.assert(
      fc.property(fc.array(matrix, { minLength: 2, maxLength: 12 }), (matrices) => {
        const distinct = new Map(matrices.map((one) => [canonical(one), one]));
        expect(new Set(Array.from(distinct.values(), ofMatrix)).size).toBe(distinct.size);
      }),
      { numRuns: 500 },
    );
  });

  it.each(['linux', '[1]', '"linux"', '20', '{'])('refuses the matrix %s', (matrix) => {
    expect(() => resolve('plain', {}, matrix)).toThrow(/^The input `matrix` is .*, but it must be a JSON object of/);
  });
});

describe('templated', () => {
  it.each([
    ['{branch}', 'braces can only hold the placeholders `{owner}`, `{repo}`, `{ref}`, `{workflow}`, `{job}` and'],
    ['{}', 'braces can only hold'],
    ['{Repo}', 'braces can only hold'],
    ['{ repo }', 'braces can only hold'],
    ['{{repo}}', 'braces can only hold'],
    ['{repo', 'braces can only hold'],
    [`$${'{{'} github.ref }}`, 'braces can only hold'],
    ['{constructor}', 'braces can only hold'],
    ['{matrix}', '`{matrix}` stands for nothing, as the job has no matrix: take it out'],
  ])('refuses %s', (name, rule) => {
    expect(() => resolve(name)).toThrow(`The input \`name\` is ${JSON.stringify(name)}, but ${rule}`);
  });

  it.each(['owner', 'repo', 'ref', 'workflow', 'job'])('refuses {%s} where it is not known', (name) => {
    const nowhere = { repository: '', ref: '', workflow: '', job: '' };
    expect(() => resolve(`x-{${name}}`, nowhere)).toThrow(
      `The input \`name\` is "x-{${name}}", but what \`{${name}}\` stands for is not known here: write its value`,
    );
  });

  it('refuses {matrix} for an empty one', () => {
    expect(() => ofMatrix({})).toThrow('`{matrix}` stands for nothing');
  });
});
