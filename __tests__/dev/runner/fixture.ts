import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder with an action in it and a workspace for it to run in. */
export interface Fixture extends AsyncDisposable {
  readonly action: string;
  readonly workspace: string;
}

const RUNS = `name: Fixture
runs:
  using: node24
  main: main.mjs
`;

/**
 * Writes an action whose main phase is the given ECMAScript module.
 *
 * @param manifest more lines of the action.yml: inputs
 * @param post a module for the post phase
 */
export async function writeAction(main: string, manifest = '', post?: string): Promise<Fixture> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'action-')));
  const workspace = join(root, 'workspace');
  await mkdir(workspace);
  await writeFile(join(root, 'main.mjs'), main);
  if (post !== undefined) {
    await writeFile(join(root, 'post.mjs'), post);
  }
  await writeFile(join(root, 'action.yml'), RUNS + (post === undefined ? '' : '  post: post.mjs\n') + manifest);
  return {
    action: join(root, 'action.yml'),
    workspace,
    [Symbol.asyncDispose]: () => rm(root, { recursive: true }),
  };
}
