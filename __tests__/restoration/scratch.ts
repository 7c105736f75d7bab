import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TargetDirectory } from '../../src/restoration/types.ts';
import { HERE } from '../../src/selection/paths.ts';

/** A directory of its own for a test. */
export class Scratch implements AsyncDisposable {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async create(): Promise<Scratch> {
    return new Scratch(await realpath(await mkdtemp(join(tmpdir(), 'restoration-'))));
  }

  at(...names: readonly string[]): string {
    return join(this.path, ...names);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return rm(this.path, { recursive: true, force: true });
  }
}

/** A target on a file system that tells all names apart. */
export function targetAt(path: string, fields: Partial<TargetDirectory> = {}): TargetDirectory {
  return {
    path,
    isFresh: false,
    traits: { ignoresCase: false, ignoresForm: false },
    places: { keepsOutCommands: true, runnerFiles: [] },
    style: HERE,
    ...fields,
  };
}
