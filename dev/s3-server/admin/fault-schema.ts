import { z } from 'zod';
import type { FaultScript } from '../faults/script.ts';

// Scripted faults as JSON. A pattern is a string to equal, or {"regexp": "…"} for what is a RegExp in TypeScript.

const pattern = z.union([
  z.string(),
  z.strictObject({ regexp: z.string() }).transform(({ regexp }) => new RegExp(regexp, 'u')),
]);
const count = z.number().int().nonnegative();

const matcher = z.strictObject({
  operation: z.union([z.string(), z.array(z.string())]).exactOptional(),
  method: z.string().exactOptional(),
  bucket: pattern.exactOptional(),
  key: pattern.exactOptional(),
  headers: z.record(z.string(), pattern).exactOptional(),
  query: z.record(z.string(), pattern).exactOptional(),
  request: count.exactOptional(),
});

const coded = { code: z.string(), message: z.string().exactOptional() };

const action = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('error'),
    status: count,
    ...coded,
    headers: z.record(z.string(), z.string()).exactOptional(),
  }),
  z.strictObject({ type: z.literal('errorInBody'), ...coded }),
  z.strictObject({ type: z.literal('reset') }),
  z.strictObject({ type: z.literal('cutRequest'), afterBytes: count }),
  z.strictObject({ type: z.literal('cutAnswer'), afterBytes: count }),
  z.strictObject({ type: z.literal('truncate'), afterBytes: count }),
  z.strictObject({ type: z.literal('corrupt'), atByte: count }),
  z.strictObject({ type: z.literal('wrongLength'), byBytes: z.number().int() }),
  z.strictObject({ type: z.literal('silence') }),
  z.strictObject({ type: z.literal('stallAnswer'), afterBytes: count }),
  z.strictObject({ type: z.literal('noContinue') }),
  z.strictObject({ type: z.literal('keyErrors'), keys: pattern, ...coded }),
  z.strictObject({ type: z.literal('delay'), milliseconds: count }),
]);

const script = z.strictObject({
  name: z.string().exactOptional(),
  match: matcher.exactOptional(),
  times: count.exactOptional(),
  when: z.enum(['before', 'after']).exactOptional(),
  action,
});

/**
 * A scripted fault from JSON.
 * @throws {z.ZodError} that names what is wrong with it.
 */
export const parseFaultScript = (json: unknown): FaultScript => script.parse(json);
