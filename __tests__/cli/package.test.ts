import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TOOL } from '../../src/tool.ts';
import { runProgram } from './support.ts';

const PROJECT = resolve(import.meta.dirname, '../..');
/** All actions and the program load it from the repository, at every run. */
const MAX_DIST_BYTES = 4 * 1024 * 1024;

const npm = promisify(execFile);

let scratch: string;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'package-'));
});
afterAll(() => rm(scratch, { recursive: true }));

/** Packs the project and installs the package as a user would, without a network. @returns path of the program */
async function install(): Promise<string> {
  const options = { cwd: scratch, env: { ...process.env, npm_config_cache: join(scratch, 'cache') } };
  const packed = await npm('npm', ['pack', PROJECT, '--json', '--pack-destination', scratch], options);
  const [{ filename }]: [{ filename: string }] = JSON.parse(packed.stdout);
  await npm('npm', ['install', '--offline', '--no-audit', '--prefix', scratch, join(scratch, filename)], options);
  return join(scratch, 'node_modules', '.bin', TOOL.name);
}

describe('the package', () => {
  it('installs without anything else, and its program runs', async () => {
    const program = await install();
    expect(await readdir(join(scratch, 'node_modules'))).toEqual(['.bin', '.package-lock.json', TOOL.name]);
    const help = await runProgram(['--help'], { directory: scratch, program });
    expect(help).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(`Usage: ${TOOL.name} `), stderr: '' });
    const refused = await runProgram(['list', '--bucket', 'X'], { directory: scratch, program });
    expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('The input `bucket` is "X", but') });
    const { mode } = await stat(program);
    expect(mode & 0o111).not.toBe(0);
  });

  it('holds the bundle, its licences and what npm always takes', async () => {
    const names = await readdir(join(scratch, 'node_modules', TOOL.name));
    expect(names.sort()).toEqual(['LICENSE', 'README.md', 'dist', 'package.json']);
  });
});

describe('dist/', () => {
  it('stays below 4 MB', async () => {
    const names = await readdir(join(PROJECT, 'dist'));
    const sizes = await Promise.all(names.map(async (name) => (await stat(join(PROJECT, 'dist', name))).size));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(MAX_DIST_BYTES);
  });

  it('has a program that begins as a script of Node', async () => {
    expect(await readFile(join(PROJECT, 'dist', 'cli.js'), 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
  });
});
