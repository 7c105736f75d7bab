/**
 * Tests with faults by chance, for longer than the suite has time.
 *
 *   node scripts/soak.ts [MINUTES] [SEED]     10 minutes and a fresh seed where nothing is said
 */
import { spawnSync } from 'node:child_process';

const DEFAULT_MINUTES = '10';
const [, , minutes = DEFAULT_MINUTES, seed = String(Math.floor(Math.random() * 2 ** 31))] = process.argv;

process.stdout.write(`Soak for ${minutes} minutes; to repeat it: node scripts/soak.ts ${minutes} ${seed}\n`);
const { status } = spawnSync('npm', ['test', '--', '__tests__/faults/soak'], {
  stdio: 'inherit',
  env: { ...process.env, SOAK_MINUTES: minutes, SOAK_SEED: seed },
});
process.exitCode = status ?? 1;
