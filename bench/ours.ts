import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readAction } from '../dev/runner/action.ts';
import { buildEnvironment, DEFAULT_RUN, defaultEvent, githubContext } from '../dev/runner/environment.ts';
import { resolveInputs } from '../dev/runner/inputs.ts';
import { createJobFolder } from '../dev/runner/job-folder.ts';
import type { Bucket, Contender } from './contender.ts';
import { CREDENTIALS } from './contender.ts';
import type { Command } from './measure.ts';

const PROJECT = join(import.meta.dirname, '..');

/** Makes steps of one series: the bundle, started as GitHub's runner starts it. */
export function stepOf(series: string, bucket: Bucket) {
  return (action: string, inputs: Readonly<Record<string, string>>): Promise<Command> =>
    stepCommand(
      join(PROJECT, action),
      { bucket: 'bench', name: series, 'aws-region': 'us-east-1', endpoint: bucket.url, ...inputs },
      bucket,
    );
}

/** This tool. */
export function ours(name: string, extra: Readonly<Record<string, string>> = {}): Contender {
  const step = (action: string, bucket: Bucket, inputs: Readonly<Record<string, string>>) =>
    stepOf(name.replaceAll(/\W+/g, '-'), bucket)(action, inputs);
  const backup = (bucket: Bucket, from: string) => step('action.yml', bucket, { path: '**', root: from, ...extra });
  return {
    name,
    form: name,
    missing: () => undefined,
    backup,
    again: backup,
    restore: (bucket, to) => step('restore/action.yml', bucket, { target: to }),
    one: (bucket, path, to) => step('restore/action.yml', bucket, { target: to, path }),
  };
}

async function stepCommand(action: string, inputs: Readonly<Record<string, string>>, bucket: Bucket): Promise<Command> {
  const definition = await readAction(action);
  const workspace = mkdtempSync(join(bucket.scratch, 'workspace-'));
  const folder = await createJobFolder(defaultEvent(DEFAULT_RUN), undefined);
  process.once('exit', () => rmSync(folder.root, { recursive: true, force: true }));
  const github = githubContext(DEFAULT_RUN, workspace, folder.eventPath);
  const { values } = resolveInputs(definition, inputs, { github });
  const env = buildEnvironment({
    github,
    folder,
    inputs: values,
    state: {},
    oidc: undefined,
    debug: false,
    path: process.env.PATH ?? '',
    env: { ...CREDENTIALS, ...(bucket.certificate && { NODE_EXTRA_CA_CERTS: bucket.certificate }) },
  });
  return { file: process.execPath, args: [definition.main], env, cwd: workspace };
}
