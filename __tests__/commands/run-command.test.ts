import { Readable } from 'node:stream';
import { expect, it } from '@jest/globals';
import type { Command } from '../../src/commands/command.ts';
import { runCommand } from '../../src/commands/run-command.ts';
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

it('says what helps where a command has no memory left', async () => {
  const greedy: Command<AccessInputs, number> = {
    name: 'list',
    parse: () => INPUTS,
    features: () => [],
    concurrency: () => 1,
    run: async () => Buffer.allocUnsafe(2 ** 52).length,
    outputNames: [],
    outputs: () => ({}),
    summary: () => '',
  };
  const running = runCommand(greedy, INPUTS, {
    log: silentLog,
    signal: new AbortController().signal,
    run: RUN,
    temporaryDirectory: '/tmp',
    runnerFiles: [],
    producers: { variables: {}, stdin: () => Readable.from([]) },
    problems: new ProblemCollector(),
    proxy: {},
    getIdToken: async () => '',
    onSecret: () => {},
  });
  await expect(running).rejects.toMatchObject({
    class: 'local',
    details: { code: 'ERR_MEMORY_ALLOCATION_FAILED', hint: expect.stringContaining('`max-memory`') },
  });
});
