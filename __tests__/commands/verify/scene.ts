import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { backup } from '../../../src/commands/backup.ts';
import type { CommandPorts } from '../../../src/commands/ports.ts';
import type { VerifyRequest } from '../../../src/commands/verify/request.ts';
import { verify } from '../../../src/commands/verify.ts';
import type { Log, Warning } from '../../../src/log.ts';
import type { VerifyReport } from '../../../src/report/verify/types.ts';
import { encodeRecord, parseRecord, type VersionRecord } from '../../../src/series/record.ts';
import { MemoryStore, type MemoryStoreOptions } from '../../../src/store/memory.ts';
import { type ObjectKey, objectKey } from '../../../src/store/object-key.ts';
import type { ObjectStore } from '../../../src/store/object-store.ts';
import { Pace } from '../../../src/store/pace.ts';
import { producing } from '../../producer/producer-fixture.ts';
import { KEYS, PORTS, RECORD, RUN, stored, TIME } from '../../series/series-fixture.ts';
import { type Asked, backupRequest, FULL_ONLY, HOUR_MS, MIB } from '../ports-fixture.ts';

type VersionContent = Omit<VersionRecord, 'format'>;

export { FULL_ONLY, MIB };

/** A series in memory that real backups have made, an hour apart, and the machine that made it. */
export class Scene implements AsyncDisposable {
  readonly store: MemoryStore;
  readonly warnings: Warning[] = [];
  readonly lines: string[] = [];
  readonly directory: string;
  nowMs = TIME.getTime();
  #nonces = 0;

  private constructor(directory: string, options: Partial<MemoryStoreOptions>) {
    this.directory = directory;
    this.store = new MemoryStore({ ...options, clock: () => new Date(this.nowMs) });
  }

  static async create(options: Partial<MemoryStoreOptions> = {}): Promise<Scene> {
    const scene = new Scene(await mkdtemp(join(tmpdir(), 'verify-scene-')), options);
    for (const name of ['work', 'temp']) await mkdir(join(scene.directory, name));
    return scene;
  }

  /** Writes files to be backed up, by path; `-> target` makes a link, a path that ends in `/` an empty directory. */
  async write(files: Readonly<Record<string, string | Buffer>>): Promise<void> {
    for (const [path, content] of Object.entries(files)) {
      const absolutePath = join(this.directory, 'work', path);
      await mkdir(path.endsWith('/') ? absolutePath : dirname(absolutePath), { recursive: true });
      if (path.endsWith('/')) continue;
      const target = typeof content === 'string' && content.startsWith('-> ') ? content.slice(3) : undefined;
      await rm(absolutePath, { force: true });
      if (target === undefined) await writeFile(absolutePath, content);
      else await symlink(target, absolutePath);
    }
  }

  /** @returns the ID of the new version */
  async backup(files: Readonly<Record<string, string | Buffer>> = {}, asked: Asked = {}): Promise<string> {
    await this.write(files);
    const selection = { includeHiddenFiles: true, ...asked.selection };
    const report = await backup(backupRequest(this, { ...asked, selection }), this.ports());
    this.nowMs += HOUR_MS;
    return report?.version.id ?? '';
  }

  verify(asked: Partial<VerifyRequest> = {}, ports: Partial<CommandPorts> = {}): Promise<VerifyReport> {
    const request: VerifyRequest = {
      keys: KEYS,
      version: 'latest',
      level: 'objects',
      concurrency: 4,
      maxMemory: 64 * MIB,
      ...asked,
    };
    return verify(request, this.ports(ports));
  }

  /** Every key of the series, in order. */
  async keys(): Promise<ObjectKey[]> {
    return Array.fromAsync(this.store.list(KEYS.base), ({ key }) => objectKey(key));
  }

  read(key: string): Promise<Buffer> {
    return stored(this.store, objectKey(key));
  }

  /** In the place of what was there, behind everybody's back. */
  async put(key: string, bytes: Uint8Array | string): Promise<void> {
    await this.store.put(objectKey(key), Buffer.from(bytes));
  }

  /** A record that says something else, in the form of one. */
  async rewriteRecord(id: string, change: (record: VersionContent) => Partial<VersionContent>): Promise<void> {
    const key = KEYS.record(id);
    const { format: _, ...record } = parseRecord(await this.read(key), key, id);
    await this.put(key, encodeRecord({ ...record, ...change(record) }));
  }

  async remove(key: string): Promise<void> {
    await this.store.delete([{ key: objectKey(key) }]);
  }

  /** What was left behind for the runner to clean up. */
  temporaryFiles(): Promise<string[]> {
    return readdir(join(this.directory, 'temp'), { recursive: true });
  }

  ports(ports: Partial<CommandPorts> = {}): CommandPorts {
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
      nonce: () => (this.#nonces++).toString(16).padStart(32, '0'),
      pace: new Pace(4, PORTS),
      requests: () => ({ writes: 0, reads: 0, free: 0 }),
      problems: () => [],
      conditionalWritesKnown: true,
      tool: RECORD.tool,
      place: {},
      ...ports,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
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

/** What was found, in few words: `missing dist/app.js`. */
export function found({ damaged }: VerifyReport): string[] {
  return damaged.first.map(({ kind, path, key }) => `${kind} ${path ?? key.slice(KEYS.base.length)}`);
}
