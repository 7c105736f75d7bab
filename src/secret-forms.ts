/** Shorter values are no secrets, and hiding them would turn half of the log into asterisks. */
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
