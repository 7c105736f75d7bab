import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type FileCommand,
  type FileCommandPaths,
  MAX_SUMMARY_BYTES,
  parsePairs,
  readFileCommands,
} from '../../../dev/runner/file-commands.ts';
import { SecretMasker } from '../../../dev/runner/masks.ts';

describe('parsePairs', () => {
  const parse = (text: string) => Object.fromEntries(parsePairs(text));

  it.each([
    ['name=value', { name: 'value' }],
    ['name=\n', { name: '' }],
    ['a=1\n\nb=2\n', { a: '1', b: '2' }],
    ['name=a=b<<c', { name: 'a=b<<c' }],
    ['name<<EOF\nvalue\nEOF\n', { name: 'value' }],
    ['name<<EOF\nvalue\nEOF', { name: 'value' }],
    ['name<<EOF\nEOF\n', { name: '' }],
    ['name<<EOF\n\nEOF\n', { name: '' }],
    ['name<<EOF\n\n\nEOF\n', { name: '\n' }],
    ['name<<EOF\na=1\n\nb<<EOF\n EOF\nEOF\nc=2', { name: 'a=1\n\nb<<EOF\n EOF', c: '2' }],
    ['a=1\na=2', { a: '2' }],
    ['', {}],
  ])('reads %j', (text, pairs) => {
    expect(parse(text)).toEqual(pairs);
  });

  it.each([
    ['no sign at all', "Invalid format 'no sign at all'"],
    ['<<EOF\nvalue\nEOF\n', 'Name must not be empty'],
    ['name<<\nvalue\n', 'delimiter must not be empty'],
    ['name<<EOF\nvalue\n', "Matching delimiter not found 'EOF'"],
    ['name<<EOF\nvalue', 'EOF marker missing new line'],
  ])('refuses %j', (text, message) => {
    expect(() => parse(text)).toThrow(message);
  });
});

describe('readFileCommands', () => {
  let folder: string;
  let paths: FileCommandPaths;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'file-commands-'));
    const path = (command: FileCommand) => join(folder, command);
    paths = {
      output: path('output'),
      state: path('state'),
      env: path('env'),
      path: path('path'),
      step_summary: path('step_summary'),
    };
    await Promise.all(Object.values(paths).map((file) => writeFile(file, '')));
  });

  afterEach(() => rm(folder, { recursive: true }));

  it('reads every file', async () => {
    await writeFile(paths.output, 'version=3\n');
    await writeFile(paths.state, 'started=yes\n');
    await writeFile(paths.env, 'A=b\n');
    await writeFile(paths.path, '/opt/bin\n/opt/sbin\n');
    await writeFile(paths.step_summary, '# Done\n');
    expect(await readFileCommands(paths, new SecretMasker())).toEqual({
      outputs: new Map([['version', '3']]),
      state: new Map([['started', 'yes']]),
      env: new Map([['A', 'b']]),
      path: ['/opt/bin', '/opt/sbin'],
      summary: '# Done\n',
      summaryDropped: false,
      errors: [],
      fatal: [],
    });
  });

  it('takes a deleted file for an empty one', async () => {
    await Promise.all([rm(paths.output), rm(paths.path), rm(paths.step_summary)]);
    const results = await readFileCommands(paths, new SecretMasker());
    expect(results).toMatchObject({ outputs: new Map(), path: [], summary: '', summaryDropped: false, fatal: [] });
  });

  it('names the file that cannot be understood, and reads the others', async () => {
    await writeFile(paths.output, 'nonsense\n');
    await writeFile(paths.state, 'a=1\n');
    const results = await readFileCommands(paths, new SecretMasker());
    expect(results.fatal).toEqual([
      "Unable to process file command 'output' successfully.",
      "Invalid format 'nonsense'",
    ]);
    expect(results.state).toEqual(new Map([['a', '1']]));
  });

  it('keeps NODE_OPTIONS from the following steps', async () => {
    await writeFile(paths.env, 'NODE_OPTIONS=--inspect\nA=b\n');
    const results = await readFileCommands(paths, new SecretMasker());
    expect(results.env).toEqual(new Map([['A', 'b']]));
    expect(results.errors).toEqual([expect.stringContaining('NODE_OPTIONS')]);
  });

  it('masks the summary', async () => {
    const masker = new SecretMasker();
    masker.add('hunter2');
    await writeFile(paths.step_summary, 'one\nthe password is hunter2\n');
    expect((await readFileCommands(paths, masker)).summary).toBe('one\nthe password is ***\n');
  });

  it('keeps a summary of 1 MiB and drops a larger one', async () => {
    await writeFile(paths.step_summary, 'x'.repeat(MAX_SUMMARY_BYTES));
    const kept = await readFileCommands(paths, new SecretMasker());
    expect(kept.summary).toHaveLength(MAX_SUMMARY_BYTES);
    await writeFile(paths.step_summary, `${'x'.repeat(MAX_SUMMARY_BYTES - 1)}ü`);
    const dropped = await readFileCommands(paths, new SecretMasker());
    expect(dropped).toMatchObject({ summary: '', summaryDropped: true });
    expect(dropped.errors).toEqual([expect.stringContaining('up to a size of 1024k')]);
  });
});
