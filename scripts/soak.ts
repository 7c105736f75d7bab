/**
 * `npm run soak`: faults by chance, for longer than the suite has time. `SOAK_MINUTES` (10 where nothing is said) tells
 * how long, and `SOAK_SEED` repeats a run; the seed is printed.
 */
import { spawnSync } from 'node:child_process';

const DEFAULT_MINUTES = '10';
const { SOAK_MINUTES = DEFAULT_MINUTES, SOAK_SEED = String(Math.floor(Math.random() * 2 ** 31)) } = process.env;

process.stdout.write(
  `Soak for ${SOAK_MINUTES} minutes; to repeat it: SOAK_MINUTES=${SOAK_MINUTES} SOAK_SEED=${SOAK_SEED} npm run soak\n`,
);
const { status } = spawnSync('npm', ['test', '--', '__tests__/faults/soak'], {
  stdio: 'inherit',
  env: { ...process.env, SOAK_MINUTES, SOAK_SEED },
});
process.exitCode = status ?? 1;
