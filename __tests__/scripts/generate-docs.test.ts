import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { generate, withTables } from '../../scripts/generate-docs.ts';

const PROJECT = join(import.meta.dirname, '..', '..');

const ACTION = `
name: Demo
inputs:
  path:
    description: Files, \`a|b\`
      on two lines.
    required: true
  root:
    description: Directory.
    default: \${{ github.workspace }}
  tags:
    description: Tags.
outputs:
  version:
    description: Number.
`;

const README = `# Demo

<!-- inputs:begin -->
old
<!-- inputs:end -->

between

<!-- outputs:begin --><!-- outputs:end -->
after
`;

const FRESH = `# Demo

<!-- inputs:begin -->

| Input | What it does | Default |
| --- | --- | --- |
| \`path\` | Files, \`a\\|b\` on two lines. | **required** |
| \`root\` | Directory. | \`\${{ github.workspace }}\` |
| \`tags\` | Tags. |  |

<!-- inputs:end -->

between

<!-- outputs:begin -->

| Output | What it holds |
| --- | --- |
| \`version\` | Number. |

<!-- outputs:end -->
after
`;

describe('withTables', () => {
  it('replaces what stands between the markers, and nothing else', () =>
    expect(withTables(README, ACTION)).toBe(FRESH));

  it('changes nothing the second time', () => expect(withTables(FRESH, ACTION)).toBe(FRESH));

  it.each([
    ['no marker', '# Demo'],
    ['no end', README.replace('<!-- outputs:end -->', '')],
    ['the end before the begin', '<!-- inputs:end --><!-- inputs:begin --><!-- outputs:begin --><!-- outputs:end -->'],
  ])('refuses a README with %s', (_name, readme) => {
    expect(() => withTables(readme, ACTION)).toThrow('The README needs the lines');
  });

  it('refuses an input without a description', () => {
    expect(() => withTables(README, 'inputs: { path: { required: true } }')).toThrow('description');
  });
});

describe('generate', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'docs-'));
    await writeFile(join(folder, 'action.yml'), ACTION);
    await writeFile(join(folder, 'README.md'), README);
  });

  afterEach(() => rm(folder, { recursive: true }));

  it('writes a table that is out of date, once', async () => {
    expect(await generate(folder, { write: true })).toBe(true);
    expect(await readFile(join(folder, 'README.md'), 'utf8')).toBe(FRESH);
    expect(await generate(folder, { write: true })).toBe(false);
  });

  it('only looks when it is told not to write', async () => {
    expect(await generate(folder, { write: false })).toBe(true);
    expect(await readFile(join(folder, 'README.md'), 'utf8')).toBe(README);
  });

  it('finds the README of this project up to date', async () => {
    expect(await generate(PROJECT, { write: false })).toBe(false);
  });
});
