import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';

const SCRIPT = fileURLToPath(new URL('../../scripts/generate-reliability.ts', import.meta.url));

it.each([
  [[], /^There is no ledger: name the file .*\n$/],
  [['/no/such/ledger'], /^The ledger \/no\/such\/ledger cannot be read: name the file .*\n$/],
])('says in a line that it has no ledger: %j', (args, message) => {
  const { status, stderr } = spawnSync(process.execPath, [SCRIPT, ...args], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([1, expect.stringMatching(message)]);
});
