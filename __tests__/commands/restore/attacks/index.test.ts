import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { encodeEntry } from '../../../../src/series/entry-line.ts';
import { ID, KEYS, type RECORD } from '../../../series/series-fixture.ts';
import { directory, file, idOf, Scene } from '../scene.ts';
import { damage, expectRefused, expectUntouched } from './refusal.ts';

describe('entry types (CVE-2018-20834, CVE-2026-26960)', () => {
  const base = { path: 'x', mtime: '2026-11-22T08:00:00Z', mode: '0644' };
  it.each([
    { ...base, type: 'hardlink', target: '../../outside/authorized_keys' },
    { ...base, type: 'block', major: 8, minor: 0 },
    { ...base, type: 'fifo' },
    { ...base, type: 'file', size: -1, sha256: '0'.repeat(64), key: 'k' },
    { ...base, type: 'file', size: 1.5, sha256: '0'.repeat(64), key: 'k' },
    { ...base, type: 'file', size: 1, sha256: 'none', key: 'k' },
    { ...base, type: 'directory', mode: '99999' },
    [],
    null,
    '__proto__',
  ])('%j is no entry', (line) =>
    expectRefused({ lines: [`${JSON.stringify(line)}\n`] }, damage(/it has a line that is no entry/)),
  );

  it('bits that let a program run as its owner are not restored, and a warning says so', async () => {
    await using scene = await Scene.create();
    await scene.publish({ items: [file('su', '', { mode: '6755' }), file('tmp', '', { mode: '1777' })] });
    const { restored } = await scene.restore();
    const modes = ['su', 'tmp'].map(async (name) => (await stat(join(restored?.target ?? '', name))).mode & 0o7777);
    expect(await Promise.all(modes)).toEqual([0o755, 0o777]);
    expect(scene.warnings.map(({ kind, subject }) => [kind, subject])).toEqual([
      ['special-mode-bits', 'su'],
      ['special-mode-bits', 'tmp'],
    ]);
  });
});

const MEBIBYTE = 'x'.repeat(1024 * 1024);

describe('bombs (node-tar 2812e93)', () => {
  it('a line of 1 GiB is not held', async () => {
    const endless = function* () {
      for (let mebibytes = 0; mebibytes < 1024; mebibytes++) yield MEBIBYTE;
    };
    await expectRefused({ lines: endless() }, damage(/a line has more than 65536 bytes/));
  });

  it('more entries than the record says are not read', async () => {
    const lines = Array.from({ length: 1000 }, (_, index) =>
      encodeEntry(directory(`d${String(index).padStart(4, '0')}`).entry),
    );
    await using scene = await Scene.create();
    await scene.publish({ lines });
    const record = await recordOf(scene);
    await scene.publish({ lines, record: { index: { ...record.index, entries: 10 } } });
    await expectUntouched(scene, damage(/is not the one its record speaks of/));
  });
});

describe('an index that is not the one of the record (containers/storage, ensureTOCMatchesTarSplit)', () => {
  const items = [file('a'), file('b')];

  it.each([
    ['another digest', { sha256: '0'.repeat(64) }],
    ['fewer bytes', { bytes: 10 }],
    ['fewer entries', { entries: 1 }],
    ['more entries', { entries: 3 }],
  ])('%s', async (_, difference) => {
    await using scene = await Scene.create();
    await scene.publish({ items });
    const { index } = await recordOf(scene);
    await scene.publish({ items, record: { index: { ...index, ...difference } } });
    await expectUntouched(scene, damage(/is not the one its record speaks of/));
  });

  it('other totals', () =>
    expectRefused(
      { items, record: { totals: { files: 2, symlinks: 0, directories: 0, bytes: 3 } } },
      damage(/does not have the entries its record counts/),
    ));

  it('the key of another object', async () => {
    await using scene = await Scene.create();
    await scene.publish({ items: [file('a')] });
    const { index } = await recordOf(scene);
    for (const key of ['../other/index', `data/${idOf(2)}/index.ndjson.zst`, `data/${idOf(1)}/files/a`]) {
      await scene.publish({ items: [file('a')], record: { index: { ...index, key } } });
      await expectUntouched(scene, damage(/names an index that is not its own/));
    }
  });

  it('a record that says it is another version', () =>
    expectRefused({ items, record: { id: ID } }, damage(/it says it is another version/)));
});

async function recordOf(scene: Scene): Promise<typeof RECORD> {
  const { body } = await scene.store.get(KEYS.record(idOf(1)));
  return JSON.parse(Buffer.concat(await Array.fromAsync(body)).toString());
}
