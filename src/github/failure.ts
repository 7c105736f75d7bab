import { debug, info, setFailed } from '@actions/core';
import { BackupError, type ErrorDetails, messageOf } from '../errors.ts';
import { visible } from '../report/visible.ts';
import { logText } from './text.ts';

/** Grey, as terminals and GitHub's log show it: there, but not in the way. */
const MUTED = '\u001b[90m';
const RESET = '\u001b[39m';
/** A chain of causes longer than this is a loop. */
const MAX_CAUSES = 10;

/** Fields of an error in the order people ask for them; the hint, which can be long, has its own place. */
const DETAILS: readonly (readonly [label: string, field: keyof ErrorDetails])[] = [
  ['operation', 'operation'],
  ['key', 'key'],
  ['code', 'code'],
  ['HTTP status', 'httpStatus'],
  ['request ID', 'requestId'],
  ['attempts', 'attempts'],
  ['expected', 'expected'],
  ['found', 'found'],
];

/**
 * Fails the step: the sentence becomes the error annotation; hint, details and causes follow as log lines, the stack
 * only in the debug log.
 */
export function fail(error: unknown): void {
  setFailed(annotationOf(error));
  const hint = hintOf(error);
  if (hint !== undefined) info(logText(hint));
  for (const line of [...detailLines(error), ...causeLines(error)]) info(`${MUTED}${logText(line)}${RESET}`);
  if (error instanceof Error && error.stack !== undefined) debug(logText(error.stack));
}

function annotationOf(error: unknown): string {
  return visible(messageOf(error)) || 'The step failed without saying why.';
}

function hintOf(error: unknown): string | undefined {
  return error instanceof BackupError ? error.details.hint : undefined;
}

function detailLines(error: unknown): readonly string[] {
  if (!(error instanceof BackupError)) return [];
  return DETAILS.flatMap(([label, field]) => {
    const value = error.details[field];
    return value === undefined ? [] : [`${label}: ${visible(String(value))}`];
  });
}

function causeLines(error: unknown): readonly string[] {
  return causesOf(error)
    .slice(0, MAX_CAUSES)
    .map((cause) => `caused by ${nameOf(cause)}: ${visible(messageOf(cause))}`);
}

function causesOf(error: unknown, depth = 0): readonly unknown[] {
  const causes = depth < MAX_CAUSES ? directCauses(error) : [];
  return causes.flatMap((cause) => [cause, ...causesOf(cause, depth + 1)]);
}

function directCauses(error: unknown): readonly unknown[] {
  if (error instanceof AggregateError) return error.errors;
  return error instanceof Error && error.cause !== undefined ? [error.cause] : [];
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
