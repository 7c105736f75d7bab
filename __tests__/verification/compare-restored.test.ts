import { chmod, mkdir, mkdtemp, realpath, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import type { Plan, TargetDirectory } from '../../src/restoration/types.ts';
import { HERE } from '../../src/selection/paths.ts';
import type { Entry } from '../../src/series/model.ts';
import { differences } from '../../src/verification/compare-restored.ts';
import { asyncOf, fileEntry } from '../series/series-fixture.ts';
import { sha256Of } from '../transfer/transfer-fixture.ts';

const mtime = '2026-11-22T08:00:00Z';
const text = 'bytes';
const file = (path: string) => fileEntry(path, { size: text.length, sha256: sha256Of(Buffer.from(text)), mtime });
const ENTRIES: readonly Entry[] = [
  ...['content', 'gone', 'mode', 'same', 'size', 'time'].map(file),
  { path: 'link', type: 'symlink', target: 'same', mtime },
  { path: 'other-link', type: 'symlink', target: 'same', mtime },
  { path: 'empty', type: 'directory', mode: '0755', mtime },
];

async function planted(root: string): Promise<void> {
  const restored = new Date(mtime);
  for (const name of ['content', 'mode', 'same', 'size', 'time']) {
    const found = name === 'content' ? 'bYtes' : name === 'size' ? 'bytes!' : text;
    await writeFile(join(root, name), found, { mode: name === 'mode' ? 0o600 : 0o644 });
    await utimes(join(root, name), restored, name === 'time' ? new Date('2026-11-22T08:00:03Z') : restored);
  }
  await chmod(join(root, 'mode'), 0o600);
  await symlink('same', join(root, 'link'));
  await symlink('elsewhere', join(root, 'other-link'));
  await mkdir(join(root, 'empty'));
  await utimes(join(root, 'empty'), restored, restored);
}

it('names every entry that did not come back as it was', async () => {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'compare-')));
  try {
    await planted(root);
    const steps = ENTRIES.map((entry) => ({ key: entry.path, path: entry.path, entry, action: 'write' as const }));
    const plan: Pick<Plan, 'steps'> = { steps: () => asyncOf(steps) };
    const target: Pick<TargetDirectory, 'path' | 'style'> = { path: root, style: HERE };
    const found = await Array.fromAsync(differences(plan, target));
    const other = 'it came back with other content or another mode';
    expect(Object.fromEntries(found.map(({ path, problem }) => [path, problem]))).toEqual({
      content: other,
      gone: 'it was not restored',
      mode: other,
      size: other,
      time: 'it came back with the time 2026-11-22T08:00:03.000Z instead of 2026-11-22T08:00:00Z',
      // Made now, as the links were: their own times are not those of the entries.
      link: expect.stringMatching(/^it came back with the time /),
      'other-link': other,
    });
  } finally {
    await rm(root, { recursive: true, force: true });
  }
});
