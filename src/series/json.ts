import { type ZodType, z } from 'zod';
import { BackupError, DAMAGED, type ErrorDetails } from '../errors.ts';

/** The newest `format` of claims, records and indexes this code writes and reads. Raised only for breaking changes. */
export const FORMAT = 1;

/** Claims, records and pins are small; a larger object under their key is not one of ours. */
export const MAX_DOCUMENT_BYTES = 1024 * 1024;

/** What every document starts with. Unknown fields are ignored, so that a newer tool may add some. */
export const formatField = z.literal(FORMAT);

const envelope = z.object({ format: z.int().positive() });

/** Pretty JSON with a final newline: people read these objects with stock tools. */
export function encodeDocument(document: object): Uint8Array {
  return Buffer.from(`${JSON.stringify(document, null, 2)}\n`);
}

/**
 * Reads a JSON document of ours: hostile bytes in, a trusted type out.
 *
 * @param what for messages: `record`, `claim`
 * @throws BackupError of class `permanent`: of a newer format; with code {@link DAMAGED}: not JSON, or not of the schema's
 * shape
 */
export function decodeDocument<T>(bytes: Uint8Array, schema: ZodType<T>, what: string, key: string): T {
  const fail = (problem: string, details: Pick<ErrorDetails, 'code' | 'cause'>): never => {
    throw new BackupError(`The ${what} ${JSON.stringify(key)} cannot be used: ${problem}.`, {
      class: 'permanent',
      operation: `read ${what}`,
      key,
      ...details,
    });
  };
  const document = parseJson(bytes, (cause) => fail('it is not JSON', { code: DAMAGED, cause }));
  const { data } = envelope.safeParse(document);
  if (data !== undefined && data.format > FORMAT) {
    fail(`it has format ${data.format} and this version of the tool reads up to ${FORMAT}; use a newer one`, {});
  }
  const result = schema.safeParse(document);
  if (!result.success) {
    const [issue] = result.error.issues;
    const problem = `${issue?.path.join('.') || 'the document'}: ${issue?.message ?? 'invalid'}`;
    return fail(problem, { code: DAMAGED, cause: result.error });
  }
  return result.data;
}

function parseJson(bytes: Uint8Array, fail: (cause: unknown) => never): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    return fail(error);
  }
}
