import { tmpdir } from 'node:os';
import { planRetention } from '../../src/retention/plan.ts';
import type { Pin, RetentionPlan, RetentionPolicy } from '../../src/retention/types.ts';
import { listVersions } from '../../src/series/catalogue.ts';
import { encodeClaim } from '../../src/series/claim.ts';
import { encodeEntry } from '../../src/series/entry-line.ts';
import { writeIndex } from '../../src/series/index-file.ts';
import { SeriesKeys } from '../../src/series/keys.ts';
import type { RunInfo } from '../../src/series/model.ts';
import { type PruneTask, prune } from '../../src/series/prune.ts';
import { claimReader } from '../../src/series/prune-claims.ts';
import type { PruneOutcome } from '../../src/series/prune-outcome.ts';
import { encodeRecord } from '../../src/series/record.ts';
import { formatVersionId } from '../../src/series/version-id.ts';
import { MemoryStore, type MemoryStoreOptions } from '../../src/store/memory.ts';
import { objectKey } from '../../src/store/object-key.ts';
import { asyncOf, fileEntry, RECORD } from './series-fixture.ts';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
const START_MS = Date.UTC(2026, 10, 1);

const RUN: RunInfo = {
  repository: 'acme/app',
  commit: '0123456789abcdef0123456789abcdef01234567',
  ref: 'refs/heads/main',
  workflow: 'Build',
  job: 'build',
  runId: '1',
  runAttempt: '1',
  event: 'push',
  actor: 'octocat',
  url: 'https://github.com/acme/app/actions/runs/1',
};

/** Neighbours a prune must never touch: other series, and what only looks like ours. */
const FOREIGN_NAMES = [
  'backups/dist/README.md',
  'backups/dist/claims/notes.txt',
  'backups/dist/versions/latest.json',
  'backups/dist/data/unknown/file',
  'backups/dist/pins/reason.txt',
  'backups/dist2/versions/dist2_full_20261101T010000Z_000001.json',
  'backups/dist2/data/dist2_full_20261101T010000Z_000001/index.ndjson.zst',
  'dist/data/x',
];

export interface RunOptions {
  /** As in stores without conditional writes. */
  readonly nonce?: string;
  readonly type?: 'full' | 'incremental';
  readonly files?: readonly string[];
}

/** A series in memory, at an hour per version, and the way to prune it. */
export class Series {
  readonly store: MemoryStore;
  readonly keys = new SeriesKeys({ prefix: 'backups', series: 'dist' });
  nowMs = START_MS;

  constructor(options: Omit<MemoryStoreOptions, 'clock'> = {}) {
    this.store = new MemoryStore({ ...options, clock: () => new Date(this.nowMs) });
  }

  /** A claim that says what it likes. */
  async claim(number: number, id: string, nonce?: string, leansOn: readonly string[] = []): Promise<string> {
    const key = this.keys.claim(nonce === undefined ? { number } : { number, nonce });
    await this.store.put(key, encodeClaim({ id, number, nonce: nonce ?? 'abc', run: RUN, leansOn }));
    return key;
  }

  /** A run that got as far as its data and was killed. */
  async killed(number: number, { nonce, type = 'full', files = ['a.txt'] }: RunOptions = {}): Promise<string> {
    this.nowMs += HOUR_MS;
    const { series } = this.keys.location;
    const id = formatVersionId({ series, type, time: new Date(this.nowMs), number });
    await this.claim(number, id, nonce);
    for (const file of files) await this.store.put(this.keys.file(id, file), Buffer.from('12345'));
    return id;
  }

  async committed(number: number, options: RunOptions = {}): Promise<string> {
    const id = await this.killed(number, options);
    await this.store.put(this.keys.index(id), Buffer.from('index'));
    await this.store.put(this.keys.record(id), Buffer.from('record'));
    return id;
  }

  /**
   * A version whose entries are in objects of its own or, where `entries` says so, of others.
   * @param entries by path: the ID of the version whose object of the same path it is, or undefined for its own
   */
  async leaning(number: number, entries: Readonly<Record<string, string | undefined>>): Promise<string> {
    const own = Object.keys(entries).filter((path) => entries[path] === undefined);
    const id = await this.killed(number, { type: 'incremental', files: own });
    const owners = [...new Set(Object.values(entries).filter((owner) => owner !== undefined))];
    await this.claim(number, id, undefined, owners);
    const lines = Object.entries(entries).map(([path, owner = id]) =>
      encodeEntry(fileEntry(path, { key: this.keys.relative(this.keys.file(owner, path)) })),
    );
    const index = await writeIndex(this.store, this.keys, id, asyncOf(lines.sort()), {});
    const time = new Date(this.nowMs).toISOString();
    const record = { ...RECORD, id, number, type: 'incremental' as const, time, index, leansOn: owners };
    await this.store.put(this.keys.record(id), encodeRecord(record));
    return id;
  }

  /** Versions 1 … count. */
  async commit(count: number): Promise<string[]> {
    const ids: string[] = [];
    for (let number = 1; number <= count; number += 1) ids.push(await this.committed(number));
    return ids;
  }

  async foreign(): Promise<readonly string[]> {
    for (const name of FOREIGN_NAMES) await this.store.put(objectKey(name), Buffer.from('foreign'));
    return FOREIGN_NAMES;
  }

  /** Every key in sight. */
  async visible(prefix = ''): Promise<string[]> {
    return (await Array.fromAsync(this.store.list(prefix))).map(({ key }) => key);
  }

  /** Every version and marker, as `key` and whether it is a marker. */
  async everything(prefix = ''): Promise<string[]> {
    const versions = await Array.fromAsync(this.store.listVersions(prefix));
    return versions.map(({ key, isDeleteMarker }) => (isDeleteMarker ? `${key} (marker)` : key));
  }

  /** What {@link committed} wrote for these versions. */
  keysOf(ids: readonly string[]): string[] {
    return ids.flatMap((id) => {
      const number = this.keys.parseRecord(this.keys.record(id))?.number ?? 0;
      return [this.keys.record(id), this.keys.claim({ number }), this.keys.file(id, 'a.txt'), this.keys.index(id)];
    });
  }

  /** The series as it is now, by a policy. */
  async plan(policy: RetentionPolicy, pins: readonly Pin[] = []): Promise<RetentionPlan> {
    const versions = await listVersions(this.store, this.keys);
    return planRetention(versions, policy, pins, { now: this.store.now(), timezone: 'UTC' });
  }

  async prune(
    policy: RetentionPolicy,
    options: Partial<PruneTask> & { readonly pins?: readonly Pin[] } = {},
  ): Promise<PruneOutcome> {
    const { pins = [], store = this.store, ...task } = options;
    return prune({
      keys: this.keys,
      plan: await this.plan(policy, pins),
      versioning: await this.store.versioning(),
      pruneNoncurrent: false,
      readClaim: claimReader(store),
      temporaryDirectory: tmpdir(),
      ...task,
      store,
    });
  }
}
