/**
 * Writes the numbers of the fault tests into docs/reliability.md, from a run of them:
 *
 *   RELIABILITY_LEDGER=/tmp/ledger npm test -- __tests__/faults __tests__/commands/restore/silence \
 *     '__tests__/e2e/embedded/(killed|cancelled|disk-full|file-changes|directory-changes)'
 *   node scripts/generate-reliability.ts /tmp/ledger
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceBetween } from './markers.ts';

const PAGE = join(import.meta.dirname, '..', 'docs', 'reliability.md');

/** As `__tests__/faults/ledger.ts` writes it. */
interface Line {
  readonly test: string;
  readonly runs: number;
}

/** Rows of the table, by name; a test that was run twice counts once. */
function table(lines: readonly Line[]): string {
  const runs = new Map(lines.filter((line) => line.runs > 0).map((line) => [line.test, line.runs]));
  const rows = [...runs].sort(([a], [b]) => (a < b ? -1 : 1)).map(([test, count]) => `| ${test} | ${count} |`);
  const total = [...runs.values()].reduce((sum, count) => sum + count, 0);
  return ['| Test | Runs |', '| --- | ---: |', ...rows, `| **all** | **${total}** |`].join('\n');
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

const REMEDY = 'name the file that RELIABILITY_LEDGER named in a run of the fault tests.';

const [, , ledger] = process.argv;
if (ledger === undefined) fail(`There is no ledger: ${REMEDY}`);
const lines = (await readFile(ledger, 'utf8').catch(() => fail(`The ledger ${ledger} cannot be read: ${REMEDY}`)))
  .trim()
  .split('\n')
  .map((line): Line => JSON.parse(line));
const page = await readFile(PAGE, 'utf8');
await writeFile(PAGE, replaceBetween(page, 'runs', table(lines)));
