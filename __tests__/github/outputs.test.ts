import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parsePairs } from '../../dev/runner/file-commands.ts';
import { setOutputs, writeSummary } from '../../src/github/outputs.ts';
import { OUTPUT_NAMES } from '../../src/report/outputs.ts';

let folder: string;
let outputFile: string;
let summaryFile: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'outputs-'));
  outputFile = join(folder, 'output');
  summaryFile = join(folder, 'summary');
  await writeFile(outputFile, '');
});

afterAll(async () => {
  delete process.env.GITHUB_OUTPUT;
  delete process.env.GITHUB_STEP_SUMMARY;
  await rm(folder, { recursive: true });
});

describe('setOutputs', () => {
  it('writes what the runner reads back, whatever is in it', async () => {
    process.env.GITHUB_OUTPUT = outputFile;
    const values = ['42', '["a","b"]', '', 'line\nEOF\nuri=forged', 's3://bucket/ü'];
    const outputs = Object.fromEntries(OUTPUT_NAMES.map((name, index) => [name, values[index % values.length] ?? '']));
    setOutputs(outputs);
    expect(Object.fromEntries(parsePairs(await readFile(outputFile, 'utf8')))).toEqual(outputs);
  });
});

describe('writeSummary', () => {
  // The toolkit remembers the file after the first success, so the failures come first.
  it('throws where there is no file to write to', async () => {
    delete process.env.GITHUB_STEP_SUMMARY;
    await expect(writeSummary('# Backup')).rejects.toThrow('$GITHUB_STEP_SUMMARY');
    process.env.GITHUB_STEP_SUMMARY = join(folder, 'missing', 'summary');
    await expect(writeSummary('# Backup')).rejects.toThrow('summary');
  });

  it('adds to what is there, without what an earlier attempt left behind', async () => {
    await writeFile(summaryFile, 'before\n');
    process.env.GITHUB_STEP_SUMMARY = summaryFile;
    await writeSummary('### Backup\n');
    await writeSummary('more');
    const lines = (await readFile(summaryFile, 'utf8')).split(/\r?\n/).filter((line) => line !== '');
    expect(lines).toEqual(['before', '### Backup', 'more']);
  });
});
