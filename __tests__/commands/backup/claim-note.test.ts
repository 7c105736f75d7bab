import { readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { leftClaim, removeClaimNote, writeClaimNote } from '../../../src/commands/backup/claim-note.ts';
import { SeriesKeys } from '../../../src/series/keys.ts';
import { backupRequest } from '../ports-fixture.ts';
import { Scene } from '../verify/scene.ts';

const NONCE = 'a'.repeat(32);
/** A process number beyond those that systems give. */
const NO_PROCESS = 2 ** 30;

async function noteOf(scene: Scene): Promise<string> {
  const [name = 'none'] = await scene.temporaryFiles();
  return join(scene.directory, 'temp', name);
}

describe('the note of a claim', () => {
  it('tells of a claim once its process is gone', async () => {
    await using scene = await Scene.create();
    const [request, ports] = [backupRequest(scene), scene.ports()];
    expect(await leftClaim(request, ports)).toBeUndefined();
    await writeClaimNote(request, ports, NONCE);
    expect(await leftClaim(request, ports)).toBeUndefined();
    const path = await noteOf(scene);
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({ nonce: NONCE, process: process.pid });
    await writeFile(path, JSON.stringify({ nonce: NONCE, process: NO_PROCESS }));
    expect(await leftClaim(request, ports)).toBe(NONCE);
    await removeClaimNote(request, ports);
    expect(await scene.temporaryFiles()).toEqual([]);
    await removeClaimNote(request, ports);
  });

  it('is of one series', async () => {
    await using scene = await Scene.create();
    const ports = scene.ports();
    await writeClaimNote(backupRequest(scene), ports, NONCE);
    await writeFile(await noteOf(scene), JSON.stringify({ nonce: NONCE, process: NO_PROCESS }));
    const keys = new SeriesKeys({ prefix: 'backups', series: 'other' });
    expect(await leftClaim(backupRequest(scene, { keys }), ports)).toBeUndefined();
    expect(await leftClaim(backupRequest(scene), ports)).toBe(NONCE);
  });

  it.each([
    ['no JSON', 'nonsense'],
    ['a note without a process', JSON.stringify({ nonce: NONCE })],
    ['a process that is none', JSON.stringify({ nonce: NONCE, process: -1 })],
  ])('is not believed where it is %s', async (_what, content) => {
    await using scene = await Scene.create();
    const [request, ports] = [backupRequest(scene), scene.ports()];
    await writeClaimNote(request, ports, NONCE);
    await writeFile(await noteOf(scene), content);
    expect(await leftClaim(request, ports)).toBeUndefined();
  });

  it('replaces a link that somebody has put in its place, and is for its user alone', async () => {
    await using scene = await Scene.create();
    const [request, ports] = [backupRequest(scene), scene.ports()];
    await writeClaimNote(request, ports, NONCE);
    const path = await noteOf(scene);
    await removeClaimNote(request, ports);
    const victim = join(scene.directory, 'victim');
    await writeFile(victim, 'untouched');
    await symlink(victim, path);
    await writeClaimNote(request, ports, NONCE);
    expect(await readFile(victim, 'utf8')).toBe('untouched');
    if (process.platform !== 'win32') expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('stops no backup where it cannot be written', async () => {
    await using scene = await Scene.create();
    const ports = scene.ports({ lastingDirectory: join(scene.directory, 'none') });
    await writeClaimNote(backupRequest(scene), ports, NONCE);
    await removeClaimNote(backupRequest(scene), ports);
    expect(await readdir(scene.directory)).not.toContain('none');
  });
});
