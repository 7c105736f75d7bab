import { setSecret } from '@actions/core';
import { secretForms } from '../secret-forms.ts';

/**
 * Has the runner replace a secret by `***` in all that follows. Not for names of buckets, endpoints or prefixes: the
 * runner drops every job output that contains a masked value.
 */
export function mask(value: string): void {
  for (const form of secretForms(value)) setSecret(form);
}
