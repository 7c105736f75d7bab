import type { StepResult } from '../../dev/runner/index.ts';

/** A line by which the action tells the runner what to mask: the one place where a secret has to stand. */
const MASK_COMMAND = /^::add-mask::.*$/gm;

/** The forms in which a secret could turn up: as it is, in a URL, and in base64 of both alphabets. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [
    secret,
    encodeURIComponent(secret),
    bytes.toString('base64'),
    bytes.toString('base64').replaceAll('=', ''),
    bytes.toString('base64url'),
  ];
}

/**
 * Where a secret can be read in what a step left behind. The raw output counts: what is printed and then masked by the
 * runner would be open to anyone who starts the action in another way.
 *
 * @returns `<place>: <first characters of the secret>` of each leak
 */
export function leaks(result: StepResult, secrets: readonly string[]): string[] {
  const places = {
    stdout: result.stdout.replaceAll(MASK_COMMAND, ''),
    stderr: result.stderr,
    log: result.log,
    summary: result.summary,
    outputs: JSON.stringify(result.outputs),
    state: JSON.stringify(result.state),
    exportedEnv: JSON.stringify(result.exportedEnv),
    annotations: JSON.stringify(result.annotations),
  };
  return Object.entries(places).flatMap(([place, text]) =>
    secrets
      .filter((secret) => formsOf(secret).some((form) => text.includes(form)))
      .map((secret) => `${place}: ${secret.slice(0, 6)}…`),
  );
}
