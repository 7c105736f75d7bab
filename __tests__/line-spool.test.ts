import { access, mkdtemp, readFile, realpath, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LineSpool } from '../src/line-spool.ts';
import { failure } from './series/series-fixture.ts';

const itOnPosix = process.platform === 'win32' ? it.skip : it;

let directory: string;

beforeEach(async () => {
  directory = await realpath(await mkdtemp(join(tmpdir(), 'line-spool-')));
});

afterEach(() => rm(directory, { recursive: true, maxRetries: 5 }));

async function spoolOf(lines: Iterable<string>): Promise<LineSpool> {
  const spool = await LineSpool.create(directory, 'index');
  for (const line of lines) await spool.append(line);
  await spool.finish();
  return spool;
}

describe('LineSpool', () => {
  it('gives back what was written, as often as asked', async () => {
    const anyLine = fc.string({ unit: 'binary' }).map((text) => `${text.replaceAll('\n', '')}\n`);
    await fc.assert(
      fc.asyncProperty(fc.array(anyLine), async (lines) => {
        const spool = await spoolOf(lines);
        expect(await Array.fromAsync(spool.lines())).toEqual(lines);
        expect(await Array.fromAsync(spool.lines())).toEqual(lines);
        await spool.remove();
      }),
      { numRuns: 15 },
    );
  });

  it('holds more than it reads at once, and cuts no character in two', async () => {
    const lines = Array.from({ length: 5_000 }, (_, index) => `${index} ${'é🦊\u2028'.repeat(index % 70)}\n`);
    const spool = await spoolOf(lines);
    expect((await stat(spool.path)).size).toBeGreaterThan(1024 * 1024);
    expect(await Array.fromAsync(spool.lines())).toEqual(lines);
  });

  it('can be left in the middle', async () => {
    const spool = await spoolOf(['a\n', 'b\n']);
    for await (const line of spool.lines()) {
      expect(line).toBe('a\n');
      break;
    }
    expect(await Array.fromAsync(spool.lines())).toEqual(['a\n', 'b\n']);
  });

  it('is a file of its own, for this user alone, where it was asked for', async () => {
    const [one, two] = [await spoolOf(['one\n']), await spoolOf(['two\n'])];
    expect(dirname(one.path)).toBe(directory);
    expect(one.path).toMatch(/index-[0-9a-f-]{36}\.ndjson$/);
    expect(await readFile(one.path, 'utf8')).toBe('one\n');
    expect(await readFile(two.path, 'utf8')).toBe('two\n');
    if (process.platform !== 'win32') expect((await stat(one.path)).mode & 0o777).toBe(0o600);
  });

  itOnPosix('knows its path without links', async () => {
    const link = join(directory, 'link');
    await symlink(directory, link);
    const spool = await LineSpool.create(link, 'index');
    expect(dirname(spool.path)).toBe(directory);
    await spool.remove();
  });

  it.each([
    ['while it is written', async () => LineSpool.create(directory, 'index')],
    ['when it is finished', () => spoolOf(['a\n'])],
  ])('is gone once it is removed %s, also the second time', async (_when, create) => {
    const spool = await create();
    await spool.append('more\n');
    await spool.remove();
    await expect(access(spool.path)).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(spool.remove()).resolves.toBeUndefined();
  });

  it.each([
    ['does not exist', 'missing', 'ENOENT'],
    ['is a file', 'file', process.platform === 'win32' ? 'ENOENT' : 'ENOTDIR'],
  ])('cannot be created in a directory that %s', async (_why, name, code) => {
    await writeFile(join(directory, 'file'), '');
    const at = join(directory, name);
    await expect(LineSpool.create(at, 'index')).rejects.toEqual(
      failure('local', /^A temporary list cannot be created in ".*": .+\.$/, {
        operation: 'write temporary file',
        key: at,
        code,
        hint: expect.stringContaining('temporary directory'),
      }),
    );
  });

  it('says so when it cannot be written to', async () => {
    const spool = await spoolOf([]);
    await spool.append('after the end\n');
    await expect(spool.finish()).rejects.toEqual(
      failure('local', /^A temporary list cannot be written to ".*": .+\.$/, { key: spool.path }),
    );
  });
});
