import { appendFileSync } from 'node:fs';

/** Where the numbers go from which `docs/reliability.md` is made (`scripts/generate-reliability.ts`); unset: nowhere. */
const path = process.env.RELIABILITY_LEDGER;

/** Notes how many runs a test was made of. */
export function count(test: string, runs: number): void {
  if (path !== undefined) appendFileSync(path, `${JSON.stringify({ test, runs })}\n`);
}
