import { z } from 'zod';

/** Fields that may be absent, without those that are: `exactOptionalPropertyTypes` tells absent from undefined. */
export type Present<T> = {
  [K in keyof T as undefined extends T[K] ? never : K]: T[K];
} & { [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined> };

export function present<T extends object>(fields: T): Present<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<T>;
}

/** A text that says why it cannot be used, or nothing; the reason reads on after "but". */
export function text(problem: (value: string) => string | undefined): z.ZodType<string, string> {
  return z.string().check((context) => {
    const message = problem(context.value);
    if (message !== undefined) context.issues.push({ code: 'custom', message, input: context.value });
  });
}

/** A text that is turned into something else; `undefined` means that it breaks the rule. */
export function parsed<T>(parse: (value: string) => T | undefined, rule: string): z.ZodType<T, string> {
  return z.string().transform((value, context): T => {
    const result = parse(value);
    if (result !== undefined) return result;
    context.issues.push({ code: 'custom', message: rule, input: value });
    return z.NEVER;
  });
}

/** A text of one form. */
export function form(pattern: RegExp, rule: string): z.ZodType<string, string> {
  return z.string().regex(pattern, rule);
}

/** A whole number in decimal digits, from `min` to `max`. */
export function wholeNumber(min: number, max: number, remedy: string): z.ZodType<number, string> {
  return parsed((value) => {
    const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
    return number >= min && number <= max ? number : undefined;
  }, `it must be a whole number from ${min} to ${max}: ${remedy}`);
}
