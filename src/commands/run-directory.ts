import { readdirSync, rmdirSync, unlinkSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../errors.ts';
import type { Log } from '../log.ts';
import { RUN_DIRECTORY_PREFIX } from '../run-directory-name.ts';

/** While what was under way ends, it may still make a file. */
const REMOVAL = { recursive: true, force: true, maxRetries: 3 } as const;

/**
 * The one directory for all temporary files of a run, which goes with them when the run ends; a run that is killed leaves
 * it. No later run removes it: neither its name nor its age proves that nobody needs it.
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
    if (isOwn) process.on('exit', this.#removeFiles);
  }

  /**
   * Never fails: where none can be made, a command that needs no temporary file can do without, and any other one says so.
   * @param below absolute
   */
  static async create(below: string, log: Pick<Log, 'debug'>): Promise<RunDirectory> {
    try {
      return new RunDirectory(await mkdtemp(join(below, RUN_DIRECTORY_PREFIX)), true, log);
    } catch (error) {
      log.debug(`No directory can be made in ${below}: ${messageOf(error)}`);
      return new RunDirectory(below, false, log);
    }
  }

  /** Never fails. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isOwn) return;
    try {
      await rm(this.path, REMOVAL);
    } catch (error) {
      this.#log.debug(`The temporary directory ${this.path} could not be removed: ${messageOf(error)}`);
    }
    process.off('exit', this.#removeFiles);
  }

  /**
   * For a process that is asked a second time to stop, and does not wait for its command. Only the lists: a restore drill's
   * directory may hold a whole version, and a process that ends on the spot has no time for it.
   */
  readonly #removeFiles = () => {
    try {
      for (const item of readdirSync(this.path, { withFileTypes: true })) {
        if (item.isFile()) unlinkSync(join(this.path, item.name));
      }
      rmdirSync(this.path);
    } catch {
      // What is left says by its name whose it is.
    }
  };
}
