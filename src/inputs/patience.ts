import { parsed } from './fields.ts';
import { parseTimeSpan } from './quantities.ts';
import type { InputReader } from './reader.ts';

const MAX_RETRY_FOR_MS = 6 * 3_600_000;

/** How long an operation is tried again, from its first failure on; milliseconds. @throws InputError */
export function readRetryFor(reader: InputReader): number {
  return reader.read('retry-for', retryForSchema);
}

const retryForSchema = parsed((value) => {
  const ms = parseTimeSpan(value);
  return ms !== undefined && ms <= MAX_RETRY_FOR_MS ? ms : undefined;
}, 'it must be a whole number of seconds, minutes or hours from `0s` to `6h`: write, for example, `5m`');
