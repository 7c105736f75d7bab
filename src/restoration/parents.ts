import { lstatSync, type Stats } from 'node:fs';
import { lstat, mkdir } from 'node:fs/promises';
import { codeOf } from '../errors.ts';
import { isMissing, localError } from '../selection/local-error.ts';
import { childPath, type PathStyle } from '../selection/paths.ts';
import { inTheWay } from './refusal.ts';

interface Level {
  readonly name: string;
  readonly path: string;
  readonly exists: boolean;
}

/** Looks at one directory; says whether it is there. */
type Visit = (path: string) => Promise<boolean>;

/**
 * The directories above sorted paths, each looked at once and none through a link. What another process puts there
 * between that look and a write goes unseen: Node has no `openat`.
 */
export class Parents {
  readonly #root: string;
  readonly #style: PathStyle;
  readonly #visit: Visit;
  #trail: readonly Level[] = [];

  /** @param root absolute; not looked at itself */
  private constructor(root: string, style: PathStyle, visit: Visit) {
    this.#root = root;
    this.#style = style;
    this.#visit = visit;
  }

  /** Only looks: what is below a missing directory is missing too. */
  static checking(root: string, style: PathStyle): Parents {
    return new Parents(root, style, isDirectory);
  }

  /** Makes those that are missing. */
  static making(root: string, style: PathStyle): Parents {
    return new Parents(root, style, async (path) => {
      await makeDirectory(path);
      return true;
    });
  }

  /**
   * Goes to the directory with these segments.
   * @returns whether it is there
   * @throws BackupError of class `local` for a link, or anything else that is no directory, on the way
   */
  async enter(segments: readonly string[]): Promise<boolean> {
    const differs = segments.findIndex((name, index) => this.#trail[index]?.name !== name);
    this.#trail = this.#trail.slice(0, differs === -1 ? segments.length : differs);
    for (const name of segments.slice(this.#trail.length)) {
      const above = this.#trail.at(-1);
      const path = childPath(above?.path ?? this.#root, name, this.#style);
      const exists = (above?.exists ?? true) && (await this.#visit(path));
      this.#trail = [...this.#trail, { name, path, exists }];
    }
    return this.#trail.at(-1)?.exists ?? true;
  }
}

/** @returns undefined where nothing is; a link is not followed */
export async function statOf(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw unseen(path, error);
  }
}

/** As {@link statOf}, at once: for what has just been written, where a wait costs more than the look. */
export function statNow(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw unseen(path, error);
  }
}

function unseen(path: string, error: unknown) {
  return localError('look at', path, error, 'give this job the right to read the target, or choose another');
}

async function isDirectory(path: string): Promise<boolean> {
  const stats = await statOf(path);
  if (stats === undefined) return false;
  if (stats.isDirectory()) return true;
  const what = stats.isSymbolicLink() ? 'is a symbolic link, through which nothing is written' : 'is no directory';
  throw inTheWay(path, `${what}, and the version has entries below it`, 'Remove it, or choose another `target`.');
}

async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    if (codeOf(error) === 'EEXIST' && (await isDirectory(path))) return;
    throw localError(
      'make the directory',
      path,
      error,
      'give this job the right to write there, or choose another target',
    );
  }
}
