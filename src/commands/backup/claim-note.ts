import { hash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { codeOf, messageOf } from '../../errors.ts';
import type { CommandPorts } from '../ports.ts';
import type { BackupRequest } from './request.ts';

type Ports = Pick<CommandPorts, 'store' | 'lastingDirectory' | 'log'>;

const noteSchema = z.object({ nonce: z.string(), process: z.int().positive() });

/**
 * On the runner, beside the claim in the bucket: a step that is repeated finds by it the claim of the one before it. The
 * directory is the job's own, emptied before the next, so that jobs of a matrix, which have one name and one run, do not
 * see each other's. Never throws: without it a step that is repeated begins anew.
 */
export async function writeClaimNote(request: BackupRequest, ports: Ports, nonce: string): Promise<void> {
  const path = notePath(request, ports);
  try {
    // A link that somebody has put there is replaced, not followed.
    await rm(path, { force: true });
    await writeFile(path, JSON.stringify({ nonce, process: process.pid }), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    ports.log.debug(`The claim could not be noted in ${path}: ${messageOf(error)}`);
  }
}

/** To be called when the version is there. Never throws: the claim of a version is gone on with by nobody. */
export async function removeClaimNote(request: BackupRequest, ports: Ports): Promise<void> {
  await rm(notePath(request, ports), { force: true }).catch(() => {});
}

/** The nonce of the claim that a process which is over has left in this job. */
export async function leftClaim(request: BackupRequest, ports: Ports): Promise<string | undefined> {
  const note = noteSchema.safeParse(await readJson(notePath(request, ports)));
  return note.success && !isRunning(note.data.process) ? note.data.nonce : undefined;
}

function notePath({ keys }: BackupRequest, { store, lastingDirectory }: Ports): string {
  const series = hash('sha256', `${store.bucket}/${keys.base}`).slice(0, 16);
  return join(lastingDirectory, `versioned-s3-backup-claim-${series}.json`);
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return undefined; // none, or none of ours
  }
}

/** Another process may have its number by now: then nothing is gone on with, which costs only time. */
function isRunning(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}
