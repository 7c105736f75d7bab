import { BackupError, type ErrorDetails, messageOf } from '../errors.ts';
import { visible } from './visible.ts';

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

/** Of these, those that a sentence may name. */
const IN_SENTENCES: readonly (keyof ErrorDetails)[] = ['key', 'found'];

/** What went wrong, in one sentence on one line. */
export function errorSentence(error: unknown): string {
  return visible(messageOf(error)) || 'It failed without saying why.';
}

/** What the user can do about it, if the error says so; may have several lines. */
export function errorHint(error: unknown): string | undefined {
  return error instanceof BackupError ? error.details.hint : undefined;
}

/** The fields of the error and its chain of causes, a line each. */
export function errorLines(error: unknown): readonly string[] {
  return [...detailLines(error), ...causeLines(error)];
}

/** Without what the sentence has said already, as it does of a refused value, a directory or a version. */
function detailLines(error: unknown): readonly string[] {
  if (!(error instanceof BackupError)) return [];
  return DETAILS.flatMap(([label, field]) => {
    const value = error.details[field];
    if (value === undefined || (IN_SENTENCES.includes(field) && isIn(error.message, String(value)))) return [];
    return [`${label}: ${visible(String(value))}`];
  });
}

/** What is shorter may be in a sentence by chance, as `a` is in nearly every one. */
const MIN_BARE_CHARACTERS = 8;

/** In quotes, its own or the sentence's, in which it may look different; or as it is where that is no chance. */
function isIn(sentence: string, value: string): boolean {
  const inQuotes = [JSON.stringify(value), `\`${value}\``].some((quoted) => sentence.includes(quoted));
  const speaksForItself = value.startsWith('"') || value.length >= MIN_BARE_CHARACTERS;
  return inQuotes || (speaksForItself && sentence.includes(value));
}

function causeLines(error: unknown): readonly string[] {
  return causesOf(error)
    .slice(0, MAX_CAUSES)
    .map((cause) => `caused by${nameOf(cause)}: ${visible(messageOf(cause))}`);
}

function causesOf(error: unknown, depth = 0): readonly unknown[] {
  const causes = depth < MAX_CAUSES ? directCauses(error) : [];
  return causes.flatMap((cause) => [cause, ...causesOf(cause, depth + 1)]);
}

function directCauses(error: unknown): readonly unknown[] {
  if (error instanceof AggregateError) return error.errors;
  return error instanceof Error && error.cause !== undefined ? [error.cause] : [];
}

/** The name of our own errors says nothing to those who do not know the code. */
function nameOf(error: unknown): string {
  if (error instanceof BackupError) return '';
  return ` ${error instanceof Error ? error.name : typeof error}`;
}
