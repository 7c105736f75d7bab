import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { actionYaml } from './support.ts';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly 'timeout-minutes'?: number;
  readonly strategy?: {
    readonly matrix: { readonly include: readonly { readonly os: string; readonly tools: string }[] };
  };
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly permissions?: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

const FOLDER = join(import.meta.dirname, '../../.github/workflows');

const workflows = readdirSync(FOLDER).map((file) => {
  const text = readFileSync(join(FOLDER, file), 'utf8');
  const workflow: Workflow = parse(text);
  const jobs = Object.values(workflow.jobs);
  return { file, text, workflow, jobs, steps: jobs.flatMap((job) => job.steps) };
});

describe.each(workflows)('$file', ({ text, workflow, jobs, steps }) => {
  it('pins every action by commit, and says which version that is', () => {
    const uses = text.split('\n').filter((line) => /^\s*(- )?uses:/.test(line));
    const loose = uses.filter((line) => !/uses: (\.\/|[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$)/.test(line));
    expect(uses).not.toEqual([]);
    expect(loose).toEqual([]);
  });

  it('gives permissions to jobs only, and to each what it needs', () => {
    expect(workflow.permissions).toEqual({});
    expect(jobs.map(({ permissions }) => permissions?.contents)).toEqual(jobs.map(() => 'read'));
    const written = jobs.flatMap(({ permissions = {} }) =>
      Object.keys(permissions).filter((key) => key !== 'contents'),
    );
    expect(written.filter((permission) => permission !== 'id-token')).toEqual([]);
  });

  it('limits the time of every job', () => {
    expect(jobs.filter((job) => job['timeout-minutes'] === undefined)).toEqual([]);
  });

  it('leaves no token of the checkout behind', () => {
    const checkouts = steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'));
    expect(checkouts.filter((step) => step.with?.['persist-credentials'] !== false)).toEqual([]);
  });

  it('puts no expression into a script, where its value would be run', () => {
    expect(steps.filter(({ run }) => run?.includes('${{'))).toEqual([]);
  });

  it('gives this action only inputs that it has', () => {
    const given = steps.filter(({ uses }) => uses === './').flatMap((step) => Object.keys(step.with ?? {}));
    expect(given.filter((name) => !Object.hasOwn(actionYaml.inputs, name))).toEqual([]);
  });
});

it('has one workflow that uses this action', () => {
  const own = workflows.filter(({ steps }) => steps.some(({ uses }) => uses === './'));
  expect(own.map(({ file }) => file)).toEqual(['backup.yml']);
});

describe('ci.yml', () => {
  const ci = workflows.find(({ file }) => file === 'ci.yml')?.workflow.jobs ?? {};
  const scriptsOf = (job: string) => (ci[job]?.steps ?? []).map(({ run = '' }) => run);

  it('installs restic, without which the tests fail where CI is set, on every system', () => {
    const systems = ci.test?.strategy?.matrix.include ?? [];
    expect(systems.map(({ os }) => os)).toEqual(['ubuntu-latest', 'windows-latest', 'macos-latest']);
    expect(systems.filter(({ tools }) => !/\binstall\b.* restic\b/.test(tools))).toEqual([]);
    expect(scriptsOf('test').indexOf('bash -c "$TOOLS"')).toBeLessThan(scriptsOf('test').indexOf('npm test'));
    expect(scriptsOf('test')).toContain('bash -c "$TOOLS"');
  });

  it('runs the demo', () => {
    expect(scriptsOf('test').filter((run) => run === 'npm run demo')).toHaveLength(1);
  });

  it('follows the page on restoring without the tool on Ceph too, with the tools it takes', () => {
    const [install = ''] = scriptsOf('ceph');
    for (const tool of ['git', 'awscli', 'zstd', 'jq']) expect(install.split(' ')).toContain(tool);
    expect(scriptsOf('ceph').filter((run) => run.includes('__tests__/docs/recovery'))).toHaveLength(1);
  });
});
