import { z } from 'zod';
import {
  fillNameTemplate,
  type NameTemplate,
  type PlaceholderValue,
  parseNameTemplate,
} from '../series/name-template.ts';
import type { InputContext } from './context.ts';
import { parsed } from './fields.ts';
import { type InputReader, listed } from './reader.ts';

const NAMES = ['owner', 'repo', 'ref', 'workflow', 'job', 'matrix'] as const;

/** What `{owner}`, `{repo}` … stand for in this run; those that stand for nothing are left out. */
export type Placeholders = ReadonlyMap<string, PlaceholderValue>;

/** One combination of a job's matrix; its values are any JSON. */
type Matrix = Readonly<Record<string, unknown>>;

/**
 * What placeholders in `prefix` and `name` stand for.
 * @throws InputError for a matrix that is none
 */
export function readPlaceholders(reader: InputReader, context: InputContext): Placeholders {
  const matrix = reader.optional('matrix', matrixSchema) ?? {};
  const { repository, ref, workflow, job } = context;
  const slash = repository.lastIndexOf('/');
  const values = [
    ['owner', plainValue(repository.slice(0, Math.max(slash, 0)))],
    ['repo', plainValue(repository.slice(slash + 1))],
    ['ref', refValue(ref)],
    ['workflow', plainValue(workflow)],
    ['job', plainValue(job)],
    ['matrix', matrixValue(matrix)],
  ] as const satisfies readonly (readonly [(typeof NAMES)[number], PlaceholderValue | undefined])[];
  return new Map(values.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

/**
 * A text with placeholders, made into what they stand for.
 * @param problem what is wrong with the result
 */
export function templated(
  placeholders: Placeholders,
  problem: (value: string) => string | undefined,
): z.ZodType<string, string> {
  return z.string().transform((value, context) => {
    const template = parseNameTemplate(value);
    const filled = template && fillNameTemplate(template, placeholders);
    const message = templateProblem(template, placeholders) ?? problem(filled ?? value);
    if (message === undefined) return filled ?? value;
    context.issues.push({ code: 'custom', message, input: value });
    return z.NEVER;
  });
}

function templateProblem(template: NameTemplate | undefined, placeholders: Placeholders): string | undefined {
  const names: readonly string[] = NAMES;
  const known = listed(names.map((name) => `{${name}}`));
  const found = [...(template?.placeholders ?? [])];
  if (template === undefined || found.some((name) => !names.includes(name))) {
    return `braces can only hold the placeholders ${known}: write one of these, or take the braces out`;
  }
  const open = found.find((name) => !placeholders.has(name));
  if (open === undefined) return undefined;
  return open === 'matrix'
    ? '`{matrix}` stands for nothing, as the job has no matrix: take it out, or give the values as `matrix`'
    : `what \`{${open}}\` stands for is not known here: write its value in its place`;
}

/** A name that tells all by itself. */
function plainValue(text: string): PlaceholderValue | undefined {
  return text === '' ? undefined : { text, identity: text, isTelling: true };
}

/**
 * A branch by its name alone; anything else (`refs/tags/v1`, `refs/pull/7/merge`) keeps a slash, which no name can
 * keep, so that the branch `v1` and the tag `v1` differ.
 */
function refValue(ref: string): PlaceholderValue | undefined {
  if (ref === '') return undefined;
  const branch = /^refs\/heads\/(.+)$/su.exec(ref)?.[1];
  return { text: branch ?? ref.replace(/^refs\//, ''), identity: ref, isTelling: branch !== undefined };
}

/**
 * `node.20_os.ubuntu-latest`: keys and values in the order of the keys, which is not that of the workflow file. Keys
 * are part of it because combinations added by `include` can have the same values under other keys.
 */
function matrixValue(matrix: Matrix): PlaceholderValue | undefined {
  const entries = Object.entries(matrix).map(([key, value]) => ({ key, ...matrixText(value) }));
  if (entries.length === 0) return undefined;
  const sorted = entries.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  return {
    text: sorted.map(({ key, text }) => `${key}.${text}`).join('_'),
    identity: JSON.stringify(sorted),
    // Only then can the text be taken apart again.
    isTelling: sorted.every(({ key, text, isPlain }) => isPlain && !key.includes('.') && !text.includes('_')),
  };
}

/** `20` and `'20'` are the same: YAML makes the one or the other of what people write. */
function matrixText(value: unknown): { readonly text: string; readonly isPlain: boolean } {
  const isPlain = ['string', 'number', 'boolean'].includes(typeof value);
  return { text: isPlain ? String(value) : JSON.stringify(value), isPlain };
}

const matrixObject = z.record(z.string(), z.unknown()).nullable();

/** What `toJSON(matrix)` gives: `null` in a job without one. */
const matrixSchema = parsed(
  parseMatrix,
  'it must be a JSON object of the values of the matrix: leave the line out for the default, or write, for example, `{"os":"linux"}`',
);

function parseMatrix(text: string): Matrix | undefined {
  try {
    const matrix = matrixObject.safeParse(JSON.parse(text));
    return matrix.success ? (matrix.data ?? {}) : undefined;
  } catch {
    return undefined;
  }
}
