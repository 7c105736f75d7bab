import { z } from 'zod';
import { InputError } from '../errors.ts';
import { shorten, visible } from '../report/visible.ts';
import type { InputSource } from './source.ts';

/** As many characters of a value as an error shows. */
const MAX_SHOWN_CHARACTERS = 200;

/** Inputs that many keep among their secrets. */
const UNSHOWN_INPUTS: readonly string[] = ['external-id'];

/** As the toolkit's `getBooleanInput` takes them (YAML 1.2 core schema). */
const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ...['true', 'True', 'TRUE'].map((word) => [word, true] as const),
  ...['false', 'False', 'FALSE'].map((word) => [word, false] as const),
]);

/**
 * The error for a refused value: one sentence.
 * @param rule reads on after "but": what the rule is and, after a colon, what to do
 */
export function refused(input: string, value: string, rule: string): InputError {
  if (value === '') return new InputError(input, `The input \`${input}\` is empty, but ${rule}.`);
  const found = UNSHOWN_INPUTS.includes(input) ? '"***"' : shown(value);
  return new InputError(input, `The input \`${input}\` is ${found}, but ${rule}.`, { found });
}

/** A value in quotes, on one line, shortened, without what URLs carry in secret: user information and query. */
export function shown(value: string): string {
  const open = value.replace(/(\/\/)\S*@/g, '$1***@').replace(/(\/\/[^?\s]*\?)\S+/g, '$1***');
  return visible(JSON.stringify(shorten(open, MAX_SHOWN_CHARACTERS)));
}

/**
 * Turns texts into values, or into an {@link InputError} that says which input, what value, which rule and what to do.
 * The messages of the schemas are the rules, see {@link refused}.
 */
export class InputReader {
  readonly #source: InputSource;

  constructor(source: InputSource) {
    this.#source = source;
  }

  /** @throws InputError for a value the schema refuses; the schema decides what an empty one means */
  read<T>(name: string, schema: z.ZodType<T, string>): T {
    return checked(name, this.#source.get(name), schema);
  }

  /** Undefined for an empty value. @throws InputError for one the schema refuses */
  optional<T>(name: string, schema: z.ZodType<T, string>): T | undefined {
    const value = this.#source.get(name);
    return value === '' ? undefined : checked(name, value, schema);
  }

  /** One of the listed words. @throws InputError */
  choice<const T extends string>(name: string, allowed: readonly T[]): T {
    return this.read(name, oneOf(allowed));
  }

  /** One of the listed words; undefined for an empty value. @throws InputError */
  optionalChoice<const T extends string>(name: string, allowed: readonly T[]): T | undefined {
    return this.optional(name, oneOf(allowed));
  }

  /** `true` or `false`. An empty value is refused: it is mostly the misspelt name of a variable. @throws InputError */
  flag(name: string): boolean {
    const value = this.#source.get(name);
    const flag = BOOLEANS.get(value);
    if (flag === undefined) {
      throw refused(
        name,
        value,
        'it must be `true` or `false`: correct the value or leave the line out for the default',
      );
    }
    return flag;
  }

  lines(name: string): readonly string[] {
    return this.#source.getLines(name);
  }
}

function oneOf<const T extends string>(allowed: readonly T[]): z.ZodType<T, string> {
  return z.enum(allowed, {
    error: `it must be one of ${listed(allowed)}: correct the value or leave the line out for the default`,
  });
}

/** `a`, `b` and `c`, in code style. */
export function listed(words: readonly string[]): string {
  const quoted = words.map((word) => `\`${word}\``);
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} and ${quoted.at(-1)}`;
}

function checked<T>(name: string, value: string, schema: z.ZodType<T, string>): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw refused(name, value, result.error.issues[0]?.message ?? 'it cannot be used');
}
