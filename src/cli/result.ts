import { BackupError, InputError } from '../errors.ts';
import { errorSentence } from '../report/error-lines.ts';
import type { Problem } from '../report/types.ts';
import { EXIT_CODES } from './exit-code.ts';
import { flagWords } from './flag-words.ts';

/** How a command ended. */
export interface Outcome {
  /** Empty where the command line named none. */
  readonly command: string;
  readonly exitCode: number;
  /** By the names of action.yml; absent where the command did not get that far, or had nothing to do. */
  readonly outputs?: Readonly<Record<string, string>>;
  readonly problems: readonly Problem[];
  /** Absent where all went well. */
  readonly error?: unknown;
}

/** What `--json` prints; described in docs/cli.md. */
export interface Result {
  readonly command: string;
  readonly ok: boolean;
  readonly exitCode: number;
  /** Without those that are empty on a runner, which knows nothing but texts: an array that is there is never a text. */
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly problems: readonly Problem[];
  readonly error?: ResultError;
}

interface ResultError {
  readonly message: string;
  readonly input?: string;
  readonly operation?: string;
  readonly key?: string;
  readonly code?: string;
  readonly hint?: string;
}

export function resultOf({ command, exitCode, outputs = {}, problems, error }: Outcome): Result {
  return {
    command,
    ok: exitCode === EXIT_CODES.done,
    exitCode,
    outputs: Object.fromEntries(
      Object.entries(outputs).flatMap(([name, text]) => (text === '' ? [] : [[name, outputValue(text)]])),
    ),
    problems: problems.map(({ message, ...problem }) => ({ ...problem, message: flagWords(message) })),
    ...(error !== undefined && { error: resultError(error) }),
  };
}

/** An output that holds a JSON array or object is that; all others stay the texts they are on a runner. */
function outputValue(text: string): unknown {
  if (!/^[[{]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text; // a path can begin so
  }
}

function resultError(error: unknown): ResultError {
  const message = flagWords(errorSentence(error));
  if (!(error instanceof BackupError)) return { message };
  const { operation, key, code, hint } = error.details;
  return {
    message,
    ...(error instanceof InputError && { input: error.input }),
    ...(operation !== undefined && { operation }),
    ...(key !== undefined && { key }),
    ...(code !== undefined && { code }),
    ...(hint !== undefined && { hint: flagWords(hint) }),
  };
}
