import { LineSpool } from '../line-spool.ts';
import { absolutePathOf, HERE } from './paths.ts';
import type { SelectedEntry } from './types.ts';

/** The line of an entry: without what can be told from its path, with numbers JSON can hold. */
type SpooledEntry = { readonly path: string; readonly mtimeNs: string } & (
  | {
      readonly type: 'file';
      readonly mode: number;
      readonly size: number;
      readonly ctimeNs: string;
      readonly inode: string;
    }
  | { readonly type: 'symlink'; readonly target: string }
  | { readonly type: 'directory'; readonly mode: number }
);

/** The list of selected entries, on disk. Written once from start to end, read as often as needed, removed when done. */
export class Spool {
  readonly #root: string;
  readonly #lines: LineSpool;

  private constructor(root: string, lines: LineSpool) {
    this.#root = root;
    this.#lines = lines;
  }

  /**
   * @param directory absolute; has to exist
   * @param root absolute; the paths of the entries are relative to it
   * @throws BackupError of class `local` if the file cannot be created
   */
  static async create(directory: string, root: string): Promise<Spool> {
    return new Spool(root, await LineSpool.create(directory, 'selection'));
  }

  /** Absolute, without symbolic links: a walk that comes by leaves it out. */
  get path(): string {
    return this.#lines.path;
  }

  /** @throws BackupError of class `local`, for instance when the disk is full */
  async append(entries: readonly SelectedEntry[]): Promise<void> {
    for (const entry of entries) await this.#lines.append(`${JSON.stringify(spooled(entry))}\n`);
  }

  /** To be called once, after the last entry and before the first is read. */
  finish(): Promise<void> {
    return this.#lines.finish();
  }

  async *entries(): AsyncGenerator<SelectedEntry, void> {
    for await (const line of this.#lines.lines()) yield unspooled(JSON.parse(line), this.#root);
  }

  /** Removes the file; may be called at any time and more than once. */
  remove(): Promise<void> {
    return this.#lines.remove();
  }
}

function spooled(entry: SelectedEntry): SpooledEntry {
  const common = { path: entry.path, mtimeNs: entry.mtimeNs.toString() };
  if (entry.type === 'symlink') return { ...common, type: entry.type, target: entry.target };
  if (entry.type === 'directory') return { ...common, type: entry.type, mode: entry.mode };
  const [ctimeNs, inode] = [entry.ctimeNs.toString(), entry.inode.toString()];
  return { ...common, type: entry.type, mode: entry.mode, size: entry.size, ctimeNs, inode };
}

function unspooled(line: SpooledEntry, root: string): SelectedEntry {
  const common = { mtimeNs: BigInt(line.mtimeNs), absolutePath: absolutePathOf(root, line.path, HERE) };
  if (line.type !== 'file') return { ...line, ...common };
  return { ...line, ...common, ctimeNs: BigInt(line.ctimeNs), inode: BigInt(line.inode) };
}
