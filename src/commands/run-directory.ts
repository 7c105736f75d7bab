import { rmSync, type Stats } from 'node:fs';
import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../errors.ts';
import type { Log } from '../log.ts';

/** Says in a shared temporary directory whose it is. */
const PREFIX = 'versioned-s3-backup-';
/** As `mkdtemp` makes them; what outlives a run has longer names. */
const RUN_DIRECTORY = new RegExp(`^${PREFIX}[A-Za-z0-9]{6}$`);
/** No run takes so long, or not without a new file in its directory. */
const LEFT_AFTER_MS = 7 * 24 * 3_600_000;
/** While what was under way ends, it may still make a file. */
const REMOVAL = { recursive: true, force: true, maxRetries: 3 } as const;

/**
 * The one directory for all temporary files of a run, which goes with them when the run ends, however it does; a run that
 * is killed leaves this one.
 */
export class RunDirectory implements AsyncDisposable {
  /** Absolute. */
  readonly path: string;
  readonly #log: Pick<Log, 'debug'>;
  readonly #isOwn: boolean;

  private constructor(path: string, isOwn: boolean, log: Pick<Log, 'debug'>) {
    this.path = path;
    this.#isOwn = isOwn;
    this.#log = log;
    if (isOwn) process.on('exit', this.#removeNow);
  }

  /**
   * Never fails: where none can be made, a command that needs no temporary file can do without, and any other one says so.
   * @param below absolute
   */
  static async create(below: string, log: Pick<Log, 'debug'>): Promise<RunDirectory> {
    try {
      return new RunDirectory(await mkdtemp(join(below, PREFIX)), true, log);
    } catch (error) {
      log.debug(`No directory can be made in ${below}: ${messageOf(error)}`);
      return new RunDirectory(below, false, log);
    }
  }

  /** Never fails. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isOwn) return;
    process.off('exit', this.#removeNow);
    await removeDirectory(this.path, this.#log);
  }

  /** A process that is asked a second time to stop does not wait for its command. */
  readonly #removeNow = () => {
    try {
      rmSync(this.path, { recursive: true, force: true });
    } catch {
      // It was removed as far as it could be, and a later run tries again.
    }
  };
}

/**
 * Removes the directories that runs of the same user have left which were killed. Never fails; follows no link.
 * @param below absolute
 */
export async function removeLeftDirectories(
  below: string,
  { log, signal, nowMs }: { readonly log: Pick<Log, 'debug'>; readonly signal: AbortSignal; readonly nowMs: number },
): Promise<void> {
  try {
    const found = await readdir(below, { withFileTypes: true });
    const left = found.filter((item) => item.isDirectory() && RUN_DIRECTORY.test(item.name));
    for (const { name } of left) {
      if (signal.aborted) return;
      const path = join(below, name);
      if (isLeft(await lstat(path), nowMs)) await removeDirectory(path, log);
    }
  } catch (error) {
    log.debug(`What killed runs have left in ${below} was not removed: ${messageOf(error)}`);
  }
}

/** Windows has no user IDs: what is somebody else's cannot be removed there. */
function isLeft(stats: Stats, nowMs: number): boolean {
  const user = process.getuid?.();
  return stats.isDirectory() && (user === undefined || stats.uid === user) && nowMs - stats.mtimeMs > LEFT_AFTER_MS;
}

async function removeDirectory(path: string, log: Pick<Log, 'debug'>): Promise<void> {
  try {
    await rm(path, REMOVAL);
  } catch (error) {
    log.debug(`The temporary directory ${path} could not be removed: ${messageOf(error)}`);
  }
}
