import { createHash } from 'node:crypto';
import { lstat, mkdir, mkdtemp, readdir, readFile, readlink, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandPorts } from '../../../src/commands/ports.ts';
import type { RestoreRequest } from '../../../src/commands/restore/request.ts';
import { restore } from '../../../src/commands/restore.ts';
import type { Log, Warning } from '../../../src/log.ts';
import type { RestoreReport } from '../../../src/report/restore/types.ts';
import type { RestoreRules } from '../../../src/restoration/types.ts';
import { encodeEntry } from '../../../src/series/entry-line.ts';
import { writeIndex } from '../../../src/series/index-file.ts';
import type { Entry, FileEntry } from '../../../src/series/model.ts';
import { encodeRecord, type VersionRecord } from '../../../src/series/record.ts';
import { RunningTotals } from '../../../src/series/running-totals.ts';
import { formatVersionId } from '../../../src/series/version-id.ts';
import { MemoryStore } from '../../../src/store/memory.ts';
import { objectKey } from '../../../src/store/object-key.ts';
import type { ObjectStore } from '../../../src/store/object-store.ts';
import { Pace } from '../../../src/store/pace.ts';
import { producing } from '../../producer/producer-fixture.ts';
import { asyncOf, fileEntry, KEYS, PORTS, RECORD, RUN, TIME } from '../../series/series-fixture.ts';

/** An entry, and of a file its bytes. */
export interface Planted {
  readonly entry: Entry;
  readonly content?: Buffer;
}

export interface Version {
  readonly number?: number;
  readonly items?: readonly Planted[];
  /** In the place of the items' lines. */
  readonly lines?: Iterable<string>;
  /** What the record says otherwise. */
  readonly record?: Partial<VersionRecord>;
}

export const idOf = (number: number) => formatVersionId({ series: 'dist', type: 'full', time: TIME, number });

/** A file whose entry tells the truth, but for `fields`. Its object is that of version 1 unless `fields` says otherwise. */
export function file(path: string, text: string | Buffer = path, fields: Partial<FileEntry> = {}): Planted {
  const content = Buffer.from(text);
  const sha256 = createHash('sha256').update(content).digest('hex');
  const key = `data/${idOf(1)}/files/${path}`;
  return { entry: fileEntry(path, { size: content.byteLength, sha256, key, ...fields }), content };
}

export function symlink(path: string, target: string): Planted {
  return { entry: { path, type: 'symlink', mtime: '2026-11-22T08:00:00Z', target } };
}

export function directory(path: string, mode = '0755'): Planted {
  return { entry: { path, type: 'directory', mtime: '2026-11-22T08:00:00.5Z', mode } };
}

/** A series in memory and a machine to restore it on, with files outside of every target that nothing may touch. */
export class Scene implements AsyncDisposable {
  readonly store = new MemoryStore({ clock: () => TIME });
  readonly warnings: Warning[] = [];
  readonly lines: string[] = [];
  readonly directory: string;
  readonly workspace: string;

  private constructor(directory: string) {
    this.directory = directory;
    this.workspace = join(directory, 'work');
  }

  static async create(): Promise<Scene> {
    const scene = new Scene(await realpath(await mkdtemp(join(tmpdir(), 'restore-scene-'))));
    for (const name of ['work', 'temp', 'outside']) await mkdir(join(scene.directory, name));
    await writeFile(join(scene.directory, 'outside', 'authorized_keys'), 'mine');
    return scene;
  }

  /** Stores a version as a backup would, whatever is wrong with it. */
  async publish({ number = 1, items = [], lines, record }: Version): Promise<void> {
    const id = idOf(number);
    const totals = new RunningTotals();
    for (const { entry, content } of items) {
      totals.add(entry);
      if (entry.type === 'file' && content !== undefined) {
        await this.store.put(objectKey(`${KEYS.base}data/${idOf(1)}/files/${hexName(entry.path)}`), content);
        await this.#putIfPossible(entry.key, content);
      }
    }
    const text = lines ?? items.map(({ entry }) => encodeEntry(entry));
    const index = await writeIndex(this.store, KEYS, id, asyncOf(text), {});
    const body = encodeRecord({ ...RECORD, id, number, totals: totals.current(), index, ...record });
    await this.store.put(KEYS.record(id), body);
  }

  restore(
    asked: Partial<Omit<RestoreRequest, 'rules'>> & { rules?: Partial<RestoreRules> } = {},
    ports: Partial<CommandPorts> = {},
  ): Promise<RestoreReport> {
    const { rules, ...rest } = asked;
    const request: RestoreRequest = {
      keys: KEYS,
      version: 'latest',
      patterns: [],
      workspace: this.workspace,
      onNotFound: 'error',
      concurrency: 4,
      maxMemory: 64_000_000,
      ...rest,
      rules: { stripComponents: 0, overwrite: 'never', links: 'refuse', ...rules },
    };
    return restore(request, this.#ports(ports));
  }

  /** All that is there but the temporary directory, to be compared before and after. */
  async everything(): Promise<Record<string, string>> {
    const tree = await treeOf(this.directory);
    return Object.fromEntries(Object.entries(tree).filter(([path]) => !path.startsWith('temp')));
  }

  /** What was left behind for the runner to clean up. */
  temporaryFiles(): Promise<string[]> {
    return readdir(join(this.directory, 'temp'), { recursive: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }

  /** Keys that no store takes need no object: the entry is refused before it is asked for. */
  async #putIfPossible(relative: string, content: Buffer): Promise<void> {
    try {
      await this.store.put(KEYS.absolute(relative), content);
    } catch {
      return;
    }
  }

  #ports(ports: Partial<CommandPorts>): CommandPorts {
    const store: ObjectStore = this.store;
    return {
      ...PORTS,
      store,
      log: this.#log(),
      signal: new AbortController().signal,
      run: RUN,
      temporaryDirectory: join(this.directory, 'temp'),
      lastingDirectory: join(this.directory, 'temp'),
      runnerFiles: [],
      ...producing(this.#log()),
      nonce: () => '0'.repeat(32),
      pace: new Pace(4, PORTS),
      requests: () => ({ writes: 0, reads: 0, free: 0 }),
      problems: () => [],
      conditionalWritesKnown: true,
      tool: RECORD.tool,
      place: {},
      ...ports,
    };
  }

  #log(): Log {
    return {
      debug() {},
      info: (line) => void this.lines.push(line),
      warn: (warning) => void this.warnings.push(warning),
      step: (_title, work) => work(),
    };
  }
}

/** So that a hostile path has an object, wherever its own key would lead. */
function hexName(path: string): string {
  return Buffer.from(path).toString('hex').slice(0, 200) || 'empty';
}

/** Path → content of a file, `-> target` of a link, `/` of a directory. */
export async function treeOf(root: string): Promise<Record<string, string>> {
  const names = await readdir(root, { recursive: true });
  const described = names.sort().map(async (name) => [name, await describe(join(root, name))] as const);
  return Object.fromEntries(await Promise.all(described));
}

async function describe(path: string): Promise<string> {
  const stats = await lstat(path);
  if (stats.isSymbolicLink()) return `-> ${await readlink(path)}`;
  return stats.isDirectory() ? '/' : readFile(path, 'utf8');
}
