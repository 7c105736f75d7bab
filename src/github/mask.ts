import { setSecret } from '@actions/core';
import { Redaction } from '../redaction.ts';
import { secretForms } from '../secret-forms.ts';

/** What the runner was told, which keeps it for the whole process too. */
const told = new Redaction();

/**
 * Has the runner replace a secret by `***` in all that follows. Not for names of buckets, endpoints or prefixes: the
 * runner drops every job output that contains a masked value.
 */
export function mask(value: string): void {
  for (const form of secretForms(value)) setSecret(form);
  told.add(value);
}

/** The text as the runner would show it; for a text that is escaped, in which the runner would know no secret again. */
export function masked(text: string): string {
  return told.redact(text);
}
