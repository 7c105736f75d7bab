import type { z } from 'zod';
import { text } from './fields.ts';

/** URL of a service without query, user information and slash at its end. */
export const endpointSchema: z.ZodType<string, string> = text(endpointProblem).transform((value) =>
  new URL(value).href.replace(/\/+$/, ''),
);

function endpointProblem(value: string): string | undefined {
  const url = URL.parse(value);
  if (url === null || !['https:', 'http:'].includes(url.protocol)) {
    return 'it must be a URL that starts with `https://` or `http://`: write it in full, such as `https://s3.example.com`';
  }
  if (url.username !== '' || url.password !== '') {
    return 'credentials in a URL end up in logs: take them out, and use `role-to-assume` or the AWS_* variables';
  }
  if (url.search !== '' || url.hash !== '') {
    return 'it must end before any `?` or `#`: take the rest away';
  }
  return undefined;
}

/** Whether requests would cross a network unencrypted: plain http to another machine than this one. */
export function isInsecure(endpoint: string): boolean {
  const { protocol, hostname } = new URL(endpoint);
  return protocol === 'http:' && !/^(localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}
