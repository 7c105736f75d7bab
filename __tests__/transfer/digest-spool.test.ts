import { mkdtemp, readdir, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DigestSpool } from '../../src/transfer/digest-spool.ts';
import { failure } from '../series/series-fixture.ts';

interface Line {
  readonly sha256: string;
  readonly text: string;
}

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'digests-'));
});
afterEach(() => rm(directory, { recursive: true }));

const line = (number: number, text = `line ${number}`): Line => ({
  sha256: number.toString(16).padStart(8, '0').repeat(8),
  text,
});
const found = (spool: DigestSpool<Line>, number: number) => Array.fromAsync(spool.find(line(number).sha256));

async function pathOfSpool(): Promise<string> {
  const [name = ''] = await readdir(directory);
  return join(directory, name);
}

describe('DigestSpool', () => {
  it('has a file that nobody else may read, and leaves none', async () => {
    const spool = await DigestSpool.create<Line>(directory, 'test', 1);
    expect(await readdir(directory)).toEqual([expect.stringMatching(/^test-[0-9a-f-]{36}\.ndjson$/)]);
    if (process.platform !== 'win32') expect((await stat(await pathOfSpool())).mode & 0o777).toBe(0o600);
    await spool.remove();
    await spool.remove();
    expect(await readdir(directory)).toEqual([]);
  });

  it('finds all of a digest in the order of adding, in memory and on disk', async () => {
    const spool = await DigestSpool.create<Line>(directory, 'test', 4);
    const lines = [line(1, 'first'), line(2), line(1, 'sécond'), line(1, 'x'.repeat(5000))];
    for (const each of lines) await spool.add(each);
    const expected = lines.filter(({ sha256 }) => sha256 === line(1).sha256);
    expect(await found(spool, 1)).toEqual(expected);
    expect((await stat(await pathOfSpool())).size).toBe(0);
    // More than is collected before it is written.
    for (let number = 10; number < 5000; number++) await spool.add(line(number));
    expect((await stat(await pathOfSpool())).size).toBeGreaterThan(256 * 1024);
    expect(await found(spool, 1)).toEqual(expected);
    expect(await found(spool, 4999)).toEqual([line(4999)]);
    expect(await found(spool, 9)).toEqual([]);
    await spool.remove();
  });

  it('finds lines that are added while others are being written', async () => {
    const spool = await DigestSpool.create<Line>(directory, 'test', 4);
    const adding = Array.from({ length: 4000 }, (_, number) => spool.add(line(number, 'x'.repeat(200))));
    expect(await found(spool, 0)).toHaveLength(1);
    expect(await found(spool, 3999)).toHaveLength(1);
    await Promise.all(adding);
    for (const number of [0, 1000, 1234, 3999]) {
      expect(await found(spool, number)).toEqual([line(number, 'x'.repeat(200))]);
    }
    await spool.remove();
  });

  it('says that a temporary file cannot be created', async () => {
    await expect(DigestSpool.create(join(directory, 'none'), 'test', 1)).rejects.toEqual(
      failure('local', /^The temporary file ".*none.test-.*" cannot be created: ENOENT/, { code: 'ENOENT' }),
    );
  });

  it('says that somebody has cut its file', async () => {
    const spool = await DigestSpool.create<Line>(directory, 'test', 1);
    for (let number = 0; number < 5000; number++) await spool.add(line(number));
    await truncate(await pathOfSpool(), 10);
    await expect(found(spool, 3)).rejects.toEqual(failure('local', /cannot be read: it is shorter than it was\.$/));
    await spool.remove();
  });
});
