import { setSecret } from '@actions/core';

/** Shorter values are no secrets, and masking them would turn half of the log into asterisks. */
export const MIN_SECRET_LENGTH = 8;

/**
 * The forms in which a secret can turn up in a log: as it is, in a URL, and in base64 of both alphabets.
 * Empty for values too short to be secrets.
 */
export function secretForms(value: string): readonly string[] {
  if (value.length < MIN_SECRET_LENGTH) return [];
  const bytes = Buffer.from(value);
  return [
    ...new Set([
      value,
      encodeURIComponent(value.toWellFormed()),
      bytes.toString('base64'),
      bytes.toString('base64url'),
    ]),
  ];
}

/**
 * Has the runner replace a secret by `***` in all that follows. Not for names of buckets, endpoints or prefixes: the
 * runner drops every job output that contains a masked value.
 */
export function mask(value: string): void {
  for (const form of secretForms(value)) setSecret(form);
}
