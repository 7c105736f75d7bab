import { describe, expect, it } from '@jest/globals';
import type { Warning } from '../../src/log.ts';
import { encodeRecord } from '../../src/series/record.ts';
import { resolveVersion } from '../../src/series/resolve-version.ts';
import { formatVersionId } from '../../src/series/version-id.ts';
import { MemoryStore } from '../../src/store/memory.ts';
import { ObservedStore } from '../store/observed-store.ts';
import { KEYS, RECORD, RUN } from './series-fixture.ts';

interface Made {
  readonly time: string;
  readonly commit?: string;
  readonly runId?: string;
  /** In the place of a record. */
  readonly bytes?: string;
}

const COMMITS = ['aaaaaaa1'.padEnd(40, '0'), 'aaaaaaa2'.padEnd(40, '0'), 'bbbbbbb1'.padEnd(40, '0')] as const;
const idOf = (time: string, number: number) =>
  formatVersionId({ series: 'dist', type: 'full', time: new Date(time), number });

/** Versions 1, 2, 3 …; one that is undefined was pruned. */
async function seriesOf(versions: readonly (Made | undefined)[]) {
  const memory = new MemoryStore({ clock: () => new Date(0) });
  for (const [index, made] of versions.entries()) {
    if (made === undefined) continue;
    const number = index + 1;
    const id = idOf(made.time, number);
    const run = { ...RUN, commit: made.commit ?? RUN.commit, runId: made.runId ?? RUN.runId };
    const record = encodeRecord({ ...RECORD, id, number, run, time: new Date(made.time).toISOString() });
    await memory.put(KEYS.record(id), made.bytes === undefined ? record : Buffer.from(made.bytes));
  }
  const store = new ObservedStore(memory);
  const warnings: Warning[] = [];
  const resolve = async (text: string) => {
    const { version } = await resolveVersion(store, KEYS, text, (warning) => void warnings.push(warning));
    return version.number;
  };
  return { store, warnings, resolve };
}

const SERIES = [
  { time: '2026-11-18T08:00:00Z', commit: COMMITS[0], runId: '10' },
  { time: '2026-11-19T08:00:00Z', commit: COMMITS[1], runId: '11' },
  undefined,
  { time: '2026-11-20T08:00:00Z', commit: COMMITS[1], runId: '12' },
  { time: '2026-11-20T20:00:00Z', commit: COMMITS[2], runId: '12' },
] as const;

describe('resolveVersion', () => {
  it.each([
    ['latest', 5, ['list']],
    ['2', 2, ['list']],
    ['000002', 2, ['list']],
    [idOf('2026-11-18T08:00:00Z', 1), 1, ['list']],
    ['2026-11-20', 5, ['list']],
    ['2026-11-19', 2, ['list']],
    ['2026-11-20T08:00Z', 4, ['list']],
    ['2026-11-20T07:59:59Z', 2, ['list']],
    ['2030-01-01', 5, ['list']],
    ['run:12', 5, ['list', 'get', 'get', 'get', 'get']],
    ['run:10', 1, ['list', 'get', 'get', 'get', 'get']],
    ['aaaaaaa2', 4, ['list', 'get', 'get', 'get', 'get']],
    ['BBBBBBB', 5, ['list', 'get', 'get', 'get', 'get']],
    [COMMITS[0], 1, ['list', 'get', 'get', 'get', 'get']],
  ])('finds %j, in as few requests as can be', async (text, number, requests) => {
    const { store, resolve } = await seriesOf(SERIES);
    expect(await resolve(text)).toBe(number);
    expect(store.operations).toEqual(requests);
  });

  it('reads no more batches than it needs for a run or a whole SHA', async () => {
    const commit = (index: number) => `${index}`.padStart(40, 'c');
    const many = Array.from({ length: 100 }, (_, index) => ({
      time: '2026-11-18T08:00:00Z',
      commit: commit(index),
      runId: `${index}`,
    }));
    const { store, resolve } = await seriesOf(many);
    expect(await resolve('run:99')).toBe(100);
    expect(await resolve(commit(70))).toBe(71);
    expect(store.operations.filter((operation) => operation === 'get')).toHaveLength(32 + 32);
    expect(await resolve('run:0')).toBe(1);
    expect(store.operations.filter((operation) => operation === 'get')).toHaveLength(64 + 100);
  });

  it('takes an exact number before a commit that begins like it', async () => {
    const commit = '1234567'.padEnd(40, '0');
    const { resolve } = await seriesOf([{ time: '2026-11-18T08:00:00Z', commit }]);
    expect(await resolve('1234567')).toBe(1);
    expect(await resolve('1')).toBe(1);
  });

  it('names the commits that an ambiguous one could be', async () => {
    const { resolve } = await seriesOf(SERIES);
    await expect(resolve('aaaaaaa')).rejects.toMatchObject({
      name: 'InputError',
      input: 'version',
      message: expect.stringMatching(
        new RegExp(`more than one commit.*${COMMITS[1]} .*_000004.*${COMMITS[0]} .*_000001`),
      ),
    });
  });

  it.each([
    ['3', ['_000004', '_000002', '_000005', '_000001'], []],
    ['99', ['_000005', '_000004', '_000002', '_000001'], []],
    ['2026-11-17', ['_000001', '_000002', '_000004', '_000005'], []],
    ['run:77', ['_000005 (run:12)', '_000004 (run:12)', '_000002 (run:11)'], []],
    ['ccccccc', [`_000005 (${COMMITS[2]})`, `_000004 (${COMMITS[1]})`], []],
    [idOf('2026-11-18T08:00:00Z', 7), ['_000005', '_000004'], []],
  ])('lists the nearest to %j, nearest first', async (text, nearest) => {
    const { resolve } = await seriesOf(SERIES);
    const error: Error = await resolve(text).then(
      () => new Error('found'),
      (thrown) => thrown,
    );
    expect(error).toMatchObject({ name: 'VersionNotFoundError', details: { class: 'not-found' } });
    const places = nearest.map((part) => error.message.indexOf(part));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places).not.toContain(-1);
  });

  it('says so where the series has no version at all', async () => {
    const { resolve, store } = await seriesOf([]);
    await expect(resolve('latest')).rejects.toThrow(/"dist" below the prefix "backups" has no version at all/);
    expect(store.operations).toEqual(['list']);
  });

  it('passes over a record that is damaged, with a warning', async () => {
    const { resolve, warnings } = await seriesOf([
      { time: '2026-11-18T08:00:00Z', runId: '10' },
      { time: '2026-11-19T08:00:00Z', bytes: '{"format":1}' },
    ]);
    expect(await resolve('run:10')).toBe(1);
    expect(warnings).toEqual([
      expect.objectContaining({ kind: 'record-unreadable', reason: expect.stringContaining('_000002') }),
    ]);
  });
});
