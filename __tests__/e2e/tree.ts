import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { withWorkspace } from './world.ts';

/** What to put where: the content of a file, or the target of a link; a path that ends in `/` is an empty directory. */
export type Tree = Readonly<Record<string, string | Uint8Array | { readonly linkTo: string }>>;

/** Adds to what is there already; files are replaced. */
export async function plant(root: string, tree: Tree): Promise<void> {
  for (const [path, content] of Object.entries(tree)) {
    const absolute = join(root, path);
    await mkdir(path.endsWith('/') ? absolute : dirname(absolute), { recursive: true });
    if (typeof content === 'object' && 'linkTo' in content) await symlink(content.linkTo, absolute);
    else if (!path.endsWith('/')) await writeFile(absolute, content);
  }
}

/** A fresh workspace with this in it, removed after `work`. */
export function withTree<T>(tree: Tree, work: (workspace: string) => Promise<T>): Promise<T> {
  return withWorkspace(async (workspace) => {
    await plant(workspace, tree);
    return work(workspace);
  });
}
