import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readConfigFile } from '../../src/cli/config-file.ts';
import { TERMINAL_COMMANDS } from '../../src/cli/declared.ts';
import { EXIT_CODES } from '../../src/cli/exit-code.ts';
import { jsonText } from '../../src/cli/json-text.ts';
import { parseArguments } from '../../src/cli/program.ts';
import { resultOf } from '../../src/cli/result.ts';
import { listOutputs } from '../../src/report/list/outputs.ts';
import type { VersionItem } from '../../src/report/list/types.ts';
import { OLDER, VERSIONS_REPORT } from '../report/list/list-reports.ts';

const page = await readFile(new URL('../../docs/cli.md', import.meta.url), 'utf8');

/** The first blocks of code of a language, without the fences. */
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].map(([, code = '']) => code);

describe('docs/cli.md', () => {
  it('names every command', () => {
    const table = page.slice(0, page.indexOf('## Inputs'));
    for (const { name } of TERMINAL_COMMANDS) expect(table).toMatch(new RegExp(`^\\| .*\`${name}\``, 'm'));
  });

  it('names every exit code', () => {
    const table = page.slice(page.indexOf('## Exit codes'));
    const codes = [...table.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
    expect(codes).toEqual(Object.values(EXIT_CODES));
  });

  it('has a configuration file that is taken', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'docs-'));
    try {
      const path = join(directory, 'example.yml');
      await writeFile(path, blocks('yaml').find((code) => code.includes('profiles:')) ?? '');
      expect(Object.fromEntries(await readConfigFile(path, 'minio'))).toEqual({
        bucket: 'acme-backups',
        'aws-region': 'eu-west-1',
        name: 'widgets',
        path: 'dist/**\n!**/*.map',
        'keep-last': '14',
        endpoint: 'https://minio.example.com',
      });
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it('has nobody run what somebody else may publish under the name: the package is in no registry', async () => {
    const { private: isPrivate } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(isPrivate).toBe(true);
    expect([...page.matchAll(/npx (--yes )?versioned-s3-backup/g)]).toEqual([]);
    expect(blocks('sh')[0]).toContain('npm pack && npm install --global ./versioned-s3-backup-*.tgz');
  });

  it('has a recipe for jq that is given an array', () => {
    const [, line = '', filter = ''] = /versioned-s3-backup (list .*) \| jq -r '(.*)'/.exec(page) ?? [];
    const invocation = parseArguments(line.split(' '));
    // Without a name the series are listed, and there are no versions.
    expect(invocation).toMatchObject({ flags: new Map([['name', 'widgets']]), options: { json: true } });
    expect(filter).toBe('.outputs.versions[] | select(.pinned) | .id');
    const outputs = listOutputs(VERSIONS_REPORT);
    const result = JSON.parse(jsonText(resultOf({ command: 'list', exitCode: 0, outputs, problems: [] })));
    const pinned = result.outputs.versions.filter(({ pinned }: VersionItem) => pinned).map(({ id }: VersionItem) => id);
    expect(pinned).toEqual([OLDER.id]);
    if (spawnSync('jq', ['--version']).status !== 0) return;
    expect(spawnSync('jq', ['-r', filter], { input: JSON.stringify(result), encoding: 'utf8' }).stdout).toBe(
      `${OLDER.id}\n`,
    );
  });

  it('shows command lines that are taken', () => {
    const lines = blocks('sh').flatMap((code) => [...code.matchAll(/versioned-s3-backup ([^|)\n]+)/g)]);
    expect(lines.length).toBeGreaterThan(4);
    for (const [, line = ''] of lines) expect(() => parseArguments(line.trim().split(/\s+/))).not.toThrow();
  });
});
