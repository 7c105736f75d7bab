/**
 * Makes `repository.tar.gz`, the repository that restic is asked about, by restic itself:
 *
 *   node __tests__/retention/restic/make-repository.ts
 *
 * Made once and kept, because every snapshot costs restic half a second for its password.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRelease, TIMES } from './times.ts';

const directory = mkdtempSync(join(tmpdir(), 'restic-'));
const env = { ...process.env, TZ: 'UTC', RESTIC_PASSWORD: 'test', RESTIC_REPOSITORY: join(directory, 'repository') };
const restic = (...args: string[]) =>
  execFileSync('restic', ['--no-cache', ...args], { cwd: directory, env, stdio: ['ignore', 'ignore', 'inherit'] });

restic('init');
writeFileSync(join(directory, 'file'), 'content');
for (const [index, time] of TIMES.entries()) {
  const tags = isRelease(index + 1) ? ['--tag', 'release'] : [];
  const local = time.replace('T', ' ').replace('Z', '');
  restic('backup', 'file', '--host', 'ci', '--time', local, '--tag', `n${index + 1}`, ...tags);
}
execFileSync('tar', ['-czf', join(import.meta.dirname, 'repository.tar.gz'), '-C', directory, 'repository']);
rmSync(directory, { recursive: true });
