// Runs an action by hand, the way GitHub's runner does, and shows what a workflow would get of it.
import { parseArgs } from 'node:util';
import { runPost, type StepOptions, type StepResult, startAction } from './index.ts';

const USAGE = `usage: node dev/runner/main.ts [--action <action.yml or its folder>] --workspace <folder>
         [--input name=value]… [--env NAME=value]… [--secret value]… [--debug]
         [--repository owner/name] [--sha <40 hex digits>] [--ref refs/heads/main] [--run-id 1] [--run-attempt 1]
         [--oidc-url <url> --oidc-token <token>]
`;

const EXIT_USAGE = 2;

function readArguments(): StepOptions {
  const { values } = parseArgs({
    options: {
      action: { type: 'string', default: 'action.yml' },
      workspace: { type: 'string' },
      input: { type: 'string', multiple: true, default: [] },
      env: { type: 'string', multiple: true, default: [] },
      secret: { type: 'string', multiple: true, default: [] },
      debug: { type: 'boolean', default: false },
      repository: { type: 'string' },
      sha: { type: 'string' },
      ref: { type: 'string' },
      'run-id': { type: 'string' },
      'run-attempt': { type: 'string' },
      'oidc-url': { type: 'string' },
      'oidc-token': { type: 'string' },
    },
  });
  const { action, workspace, debug, secret, repository, sha, ref } = values;
  if (workspace === undefined) {
    throw new Error('--workspace is missing');
  }
  const { 'oidc-url': url, 'oidc-token': requestToken, 'run-id': runId, 'run-attempt': runAttempt } = values;
  return {
    action,
    workspace,
    debug,
    secrets: secret,
    inputs: pairs('--input', values.input),
    env: pairs('--env', values.env),
    ...(repository === undefined ? {} : { repository }),
    ...(sha === undefined ? {} : { sha }),
    ...(ref === undefined ? {} : { ref }),
    ...(runId === undefined ? {} : { runId }),
    ...(runAttempt === undefined ? {} : { runAttempt }),
    ...(url === undefined || requestToken === undefined ? {} : { oidc: { url, requestToken } }),
  };
}

function pairs(option: string, texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const equals = text.indexOf('=');
      if (equals < 1) {
        throw new Error(`${option} '${text}' must be name=value`);
      }
      return [text.slice(0, equals), text.slice(equals + 1)];
    }),
  );
}

function printResult(result: StepResult): void {
  const megabytes = result.maxRssBytes === undefined ? '?' : Math.round(result.maxRssBytes / 1e6);
  const seconds = (result.durationMs / 1000).toFixed(1);
  const ending = result.signal ?? `exit code ${result.exitCode}`;
  console.log(`\n=== ${result.conclusion} (${ending}), ${seconds} s, ${megabytes} MB at most`);
  console.log('\n=== outputs');
  for (const [name, value] of Object.entries(result.outputs)) {
    console.log(`${name}=${value}`);
  }
  console.log(`\n=== summary${result.summaryDropped ? ' (dropped: too large)' : ''}\n${result.summary}`);
}

async function run(options: StepOptions): Promise<void> {
  const onOutput = (line: string) => console.log(line);
  const step = await startAction({ ...options, onOutput });
  process.on('SIGINT', () => step.cancel());
  const main = await step.done;
  printResult(main);
  const post = await runPost({ ...options, onOutput }, main.state);
  const results = post === undefined ? [main] : [main, post];
  process.exitCode = results.every(({ conclusion }) => conclusion === 'success') ? 0 : 1;
}

function readArgumentsOrExplain(): StepOptions | undefined {
  try {
    return readArguments();
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n${USAGE}`);
    process.exitCode = EXIT_USAGE;
    return undefined;
  }
}

const options = readArgumentsOrExplain();
if (options !== undefined) {
  await run(options);
}
