import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, it } from '@jest/globals';
import type { Command } from '../../src/commands/command.ts';
import type { CommandPorts } from '../../src/commands/ports.ts';
import { type Edge, runCommand } from '../../src/commands/run-command.ts';
import type { AccessInputs } from '../../src/inputs/access.ts';
import { silentLog } from '../../src/log.ts';
import { ProblemCollector } from '../../src/report/problems.ts';
import { RUN } from '../series/series-fixture.ts';

const INPUTS: AccessInputs = {
  store: {
    bucket: 'acme',
    prefix: '',
    series: 'site',
    region: 'us-east-1',
    endpoint: 'http://127.0.0.1:9',
    forcePathStyle: true,
  },
  credentials: { audience: '', roleDurationSeconds: 900, sessionPolicy: 'none' },
  retryForMs: 0,
  notes: [],
};

function commandOf(run: Command<AccessInputs, number>['run']): Command<AccessInputs, number> {
  return {
    name: 'list',
    parse: () => INPUTS,
    features: () => [],
    concurrency: () => 1,
    run,
    outputNames: [],
    outputs: () => ({}),
    summary: () => '',
  };
}

function edgeAt(lastingDirectory: string): Edge {
  return {
    log: silentLog,
    signal: new AbortController().signal,
    run: RUN,
    lastingDirectory,
    runnerFiles: [],
    producers: { variables: {}, stdin: () => Readable.from([]) },
    problems: new ProblemCollector(),
    proxy: {},
    getIdToken: async () => '',
    onSecret: () => {},
  };
}

it('says what helps where a command has no memory left', async () => {
  const greedy = commandOf(async () => Buffer.allocUnsafe(2 ** 52).length);
  await expect(runCommand(greedy, INPUTS, edgeAt(tmpdir()))).rejects.toMatchObject({
    class: 'local',
    details: { code: 'ERR_MEMORY_ALLOCATION_FAILED', hint: expect.stringContaining('`max-memory`') },
  });
});

it('gives a command one directory for its temporary files, and removes it when it ends or fails', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'run-command-'));
  try {
    const writing = async ({ temporaryDirectory, lastingDirectory }: CommandPorts) => {
      await writeFile(join(temporaryDirectory, 'list'), 'left');
      expect([dirname(temporaryDirectory), lastingDirectory]).toEqual([directory, directory]);
      return 1;
    };
    expect(
      await runCommand(
        commandOf((_, ports) => writing(ports)),
        INPUTS,
        edgeAt(directory),
      ),
    ).toBe(1);
    expect(await readdir(directory)).toEqual([]);
    const failing = commandOf(async (_, ports) => {
      await writing(ports);
      throw new Error('no more');
    });
    await expect(runCommand(failing, INPUTS, edgeAt(directory))).rejects.toThrow('no more');
    expect(await readdir(directory)).toEqual([]);
  } finally {
    await rm(directory, { recursive: true });
  }
});
