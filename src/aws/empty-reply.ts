import { Readable } from 'node:stream';
import type { ClientPlugin } from './client-plugins.ts';

/** The code of a success that does not say what it has to: a proxy's, or that of a store that broke off. */
export const EMPTY_REPLY = 'EmptyReply';

const OK = 200;

/** In the shape the SDK gives to errors, so that one place decides what it means. */
export class EmptyReply extends Error {
  override readonly name = EMPTY_REPLY;
  readonly $metadata = { httpStatusCode: OK };
}

/**
 * Takes a parsed reply for one only if it says something: to the SDK a body that is empty is a list of nothing.
 *
 * @param fields of which every store sends at least one
 * @throws EmptyReply
 */
export function saying<Reply extends object>(reply: Reply, ...fields: readonly (keyof Reply)[]): Reply {
  if (fields.every((field) => reply[field] === undefined || reply[field] === '')) throw new EmptyReply();
  return reply;
}

/** Of a batch that was deleted without a word (`Quiet`), this is all there is. The SDK sees to the errors. */
const DELETE_RESULT = /<(?:\w+:)?(?:DeleteResult|Error)\b/;

/**
 * Fails a DeleteObjects whose reply has no `DeleteResult`. Parsed, a body that is missing and an empty element, with which
 * S3 says that everything is deleted, are the same.
 */
export const rejectEmptyDeletes: ClientPlugin = {
  applyToStack(stack) {
    stack.add(
      (next, context) => async (args) => {
        const result = await next(args);
        const { response } = result;
        if (context.commandName !== 'DeleteObjectsCommand' || !isSuccess(response)) return result;
        const body = await textOf(response.body);
        if (!DELETE_RESULT.test(body)) throw new EmptyReply();
        response.body = Readable.from([Buffer.from(body)]);
        return result;
      },
      // Nearer to the network than the parsing of replies.
      { step: 'deserialize', priority: 'low', name: 'rejectEmptyDeletes', override: true },
    );
  },
};

interface Success {
  body: AsyncIterable<Uint8Array>;
}

function isSuccess(response: unknown): response is Success {
  return typeof response === 'object' && response !== null && Reflect.get(response, 'statusCode') === OK;
}

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  return Buffer.concat(await Array.fromAsync(body)).toString();
}
