import { expect } from '@jest/globals';
import type { ErrorClass } from '../../src/errors.ts';
import { SeriesKeys } from '../../src/series/keys.ts';
import type { FileEntry, RunInfo } from '../../src/series/model.ts';
import type { VersionRecord } from '../../src/series/record.ts';
import type { ObjectKey } from '../../src/store/object-key.ts';
import type { ObjectStore } from '../../src/store/object-store.ts';
import type { RetryPorts } from '../../src/store/retry.ts';
import { virtualTime } from '../virtual-time.ts';

export const KEYS = new SeriesKeys({ prefix: 'backups', series: 'dist' });
export const TIME = new Date('2026-11-22T08:09:10Z');
export const ID = 'dist_full_20261122T080910Z_000042';

export const RUN: RunInfo = {
  repository: 'acme/app',
  commit: '0123456789abcdef0123456789abcdef01234567',
  ref: 'refs/heads/main',
  workflow: 'Build & ship 🚀',
  job: 'build',
  runId: '123456',
  runAttempt: '1',
  event: 'push',
  actor: 'octocat',
  url: 'https://github.com/acme/app/actions/runs/123456',
};

export const RECORD: Omit<VersionRecord, 'format'> = {
  id: ID,
  series: 'dist',
  number: 42,
  type: 'full',
  time: '2026-11-22T08:09:10.000Z',
  committed: '2026-11-22T08:10:00.123Z',
  nonce: '0123456789abcdef0123456789abcdef',
  run: RUN,
  tags: { team: 'söme tëam\n' },
  selection: { path: ['dist/**', '!dist/**/*.map'] },
  totals: { files: 3, symlinks: 1, directories: 0, bytes: 1234 },
  index: { key: `data/${ID}/index.ndjson.zst`, bytes: 99, sha256: 'ab'.repeat(32), entries: 4 },
  packs: [],
  leansOn: [],
  tool: { name: 'versioned-s3-backup', version: '0.1.0' },
};

/** No waiting, no chance. */
export const PORTS: RetryPorts = virtualTime({ random: () => 0, retryForMs: 60_000 });

export function fileEntry(path: string, fields: Partial<FileEntry> = {}): FileEntry {
  return {
    path,
    type: 'file',
    mode: '0644',
    mtime: '2026-11-22T08:00:00Z',
    size: 5,
    sha256: '0'.repeat(64),
    key: `data/${ID}/files/${path}`,
    ...fields,
  };
}

export async function* asyncOf<T>(items: Iterable<T>): AsyncGenerator<T> {
  yield* items;
}

export async function bytesOf(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(chunks));
}

export async function stored(store: ObjectStore, key: ObjectKey): Promise<Buffer> {
  return bytesOf((await store.get(key)).body);
}

export async function keysIn(store: ObjectStore): Promise<string[]> {
  return Array.fromAsync(store.list(''), ({ key }) => key);
}

/** What a `BackupError` has to look like. */
export function failure(errorClass: ErrorClass, message: string | RegExp, details: object = {}): object {
  return expect.objectContaining({
    name: 'BackupError',
    details: expect.objectContaining({ class: errorClass, ...details }),
    message: typeof message === 'string' ? message : expect.stringMatching(message),
  });
}
