import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { formOf } from '../../../src/commands/backup/attributes.ts';
import { writeClaimNote } from '../../../src/commands/backup/claim-note.ts';
import { findAttempt } from '../../../src/commands/backup/find-attempt.ts';
import type { CommandPorts } from '../../../src/commands/ports.ts';
import { listClaims, listVersions } from '../../../src/series/catalogue.ts';
import { type Claim, encodeClaim } from '../../../src/series/claim.ts';
import { KEYS, RUN } from '../../series/series-fixture.ts';
import { ObservedStore } from '../../store/observed-store.ts';
import { type Asked, backupRequest, HOUR_MS } from '../ports-fixture.ts';
import { Scene } from '../verify/scene.ts';

const AGAIN = { ...RUN, runAttempt: '2' };
const NO_PROCESS = 2 ** 30;
const RESUME: Asked = { resume: true };

/** A claim that nobody has made a version of. */
async function claimed(scene: Scene, fields: Partial<Claim> = {}): Promise<Claim> {
  const number = fields.number ?? 1;
  const id = `dist_full_20261122T080910Z_${String(number).padStart(6, '0')}`;
  const form = formOf(backupRequest(scene));
  const claim: Claim = {
    format: 1,
    id,
    number,
    nonce: String(number).repeat(32),
    run: RUN,
    leansOn: [],
    form,
    ...fields,
  };
  await scene.put(KEYS.claim({ number }), encodeClaim(claim));
  return claim;
}

/** As a process that is gone has left it. */
async function leaveNote(scene: Scene, nonce: string): Promise<void> {
  await writeClaimNote(backupRequest(scene), scene.ports(), nonce);
  const [note = ''] = await scene.temporaryFiles();
  await writeFile(join(scene.directory, 'temp', note), JSON.stringify({ nonce, process: NO_PROCESS }));
}

async function found(scene: Scene, asked: Asked = RESUME, fields: Partial<CommandPorts> = { run: AGAIN }) {
  const store = new ObservedStore(scene.store);
  const versions = await listVersions(scene.store, KEYS);
  const claims = await listClaims(scene.store, KEYS);
  const ports = scene.ports({ store, ...fields });
  const open = await findAttempt(backupRequest(scene, asked), { versions, claims, pins: [] }, ports);
  return { number: open?.claim.number, requests: store.operations };
}

describe('findAttempt', () => {
  it('finds what an earlier attempt of the job has begun, with one request, and says so', async () => {
    await using scene = await Scene.create();
    await claimed(scene);
    expect(await found(scene)).toEqual({ number: 1, requests: ['get'] });
    expect(scene.lines.join('\n')).toMatch(/Attempt 1 of this job has begun version 1 and not finished it: dist_full_/);
  });

  it('names no number of an attempt where the service counts none', async () => {
    await using scene = await Scene.create();
    const run = { ...RUN, runAttempt: '' };
    const { nonce } = await claimed(scene, { run });
    await leaveNote(scene, nonce);
    expect(await found(scene, RESUME, { run })).toMatchObject({ number: 1 });
    expect(scene.lines.join('\n')).toMatch(
      /^An earlier attempt of this job has begun version 1 and not finished it: /m,
    );
  });

  it('asks nothing in a first attempt without a note, outside a workflow, and with `resume: false`', async () => {
    await using scene = await Scene.create();
    await claimed(scene);
    const none = { number: undefined, requests: [] };
    expect(await found(scene, RESUME, { run: RUN })).toEqual(none);
    expect(await found(scene, RESUME, { run: { ...AGAIN, runId: '' } })).toEqual(none);
    expect(await found(scene, { resume: false })).toEqual(none);
    expect(await found(scene, RESUME, { run: { ...RUN, runAttempt: '' } })).toEqual(none);
  });

  it.each([
    ['another run', { run: { ...RUN, runId: '99' } }],
    ['another job', { run: { ...RUN, job: 'test' } }],
    ['another repository', { run: { ...RUN, repository: 'acme/other' } }],
    ['a later attempt', { run: { ...RUN, runAttempt: '3' } }],
    ['the same attempt, which may be a job of its matrix', { run: AGAIN }],
    ['an attempt with other inputs', { form: '0'.repeat(64) }],
  ])('does not take the claim of %s', async (_whose, fields) => {
    await using scene = await Scene.create();
    await claimed(scene, fields);
    expect(await found(scene)).toEqual({ number: undefined, requests: ['get'] });
  });

  it.each([
    ['soon after', 2, 1],
    ['when much of the time is over', 3, undefined],
  ])('goes on with a version locked for a day %s', async (_when, hours, number) => {
    await using scene = await Scene.create();
    const lock = { retention: { mode: 'GOVERNANCE' as const, length: { days: 1 } }, legalHold: false };
    const asked: Asked = { resume: true, lock };
    await claimed(scene, { form: formOf(backupRequest(scene, asked)) });
    scene.nowMs += hours * HOUR_MS;
    expect((await found(scene, asked)).number).toBe(number);
    const isAnew = scene.lines.includes(
      'Its objects would be locked from that time on, for too short a time: this attempt begins anew',
    );
    expect(isAnew).toBe(number === undefined);
  });

  it('takes the newest of several, and none whose number has a version or is before one', async () => {
    await using scene = await Scene.create();
    await claimed(scene, { number: 1 });
    await claimed(scene, { number: 2 });
    expect((await found(scene)).number).toBe(2);
    await scene.put(KEYS.record('dist_full_20261122T080910Z_000002'), '{}');
    expect(await found(scene)).toEqual({ number: undefined, requests: [] });
  });

  it('finds by its note what a step of this very job has left', async () => {
    await using scene = await Scene.create();
    const { nonce } = await claimed(scene);
    await writeClaimNote(backupRequest(scene, RESUME), scene.ports(), nonce);
    expect((await found(scene, RESUME, { run: RUN })).number).toBeUndefined();
    await leaveNote(scene, nonce);
    expect((await found(scene, RESUME, { run: RUN })).number).toBe(1);
  });
});
