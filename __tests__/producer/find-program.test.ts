import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findProgram } from '../../src/producer/find-program.ts';
import { type ProgramCall, startProgram } from '../../src/producer/program.ts';
import { bytesOf } from '../series/series-fixture.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'programs-'));
  await mkdir(join(directory, 'bin/folder'), { recursive: true });
  await mkdir(join(directory, 'other'));
  for (const [name, mode] of [
    ['bin/dump', 0o755],
    ['bin/text', 0o644],
    ['other/text', 0o755],
    ['here', 0o755],
  ] as const) {
    await writeFile(join(directory, name), '#!/bin/sh\nprintf found\n');
    await chmod(join(directory, name), mode);
  }
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const call = (file: string, variables: ProgramCall['variables']): ProgramCall => ({
  file,
  args: [],
  directory,
  variables,
  sharesStdin: false,
  name: file,
});

/** What is said of it, and what starting it comes to: has to be the same. */
async function lookedUpAndStarted(file: string, variables: ProgramCall['variables']) {
  const toDetails = (error: { message: string; details: { code: string } }) => [error.message, error.details.code];
  const looked = await findProgram(call(file, variables)).then(() => 'found', toDetails);
  const program = startProgram(call(file, variables), { signal: new AbortController().signal, onLine() {} });
  const output = (await bytesOf(program.bytes)).toString();
  const started = await program.finish().then(() => output, toDetails);
  return { looked, started };
}

// Scripts that a system starts by itself are those of POSIX; elsewhere the program of this process has to do.
const onPosix = process.platform === 'win32' ? it.skip : it;

describe('findProgram', () => {
  const path = (...names: string[]) => ({ PATH: names.map((name) => name && join(directory, name)).join(delimiter) });

  onPosix.each<[string, string, string[]]>([
    ['a name in PATH', 'dump', ['other', 'bin']],
    ['a name that the first place has as a text', 'text', ['bin', 'other']],
    ['a name in the current directory, by an empty place', 'here', ['bin', '']],
    ['a path from the current directory', './here', []],
    ['a path below it', 'bin/dump', ['other']],
  ])('finds %s', async (_, file, places) => {
    expect(await lookedUpAndStarted(file, path(...places))).toEqual({ looked: 'found', started: 'found' });
  });

  onPosix.each<[string, string, string, string[]]>([
    ['a name that is nowhere', 'no-such-program', 'ENOENT', ['bin', 'nowhere']],
    ['a name that is elsewhere', 'dump', 'ENOENT', ['other']],
    ['a file of the current directory that no place names', 'here', 'ENOENT', ['bin']],
    ['a file that may not be run', 'text', 'EACCES', ['bin', 'nowhere']],
    ['a directory', 'folder', 'EACCES', ['bin']],
    ['a path to nothing', './dump', 'ENOENT', ['bin']],
    ['a path to a file that may not be run', 'bin/text', 'EACCES', ['bin']],
  ])('refuses %s as starting it does', async (_, file, code, places) => {
    const { looked, started } = await lookedUpAndStarted(file, path(...places));
    expect(looked).toEqual(started);
    expect(looked).toEqual([expect.stringMatching(`^The command "${file}" cannot be started: `), code]);
  });

  onPosix('looks where the system does without a PATH', async () => {
    await findProgram(call('sh', {}));
  });

  it('finds the program of this process, and nothing of an empty name', async () => {
    await findProgram(call(process.execPath, {}));
    await expect(findProgram(call('', { PATH: directory }))).rejects.toThrow('cannot be started: it was not found');
  });
});
