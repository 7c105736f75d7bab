import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { S3Error } from '../errors.ts';
import { alterAnswer } from '../faults/alter-answer.ts';
import { ConnectionFault, performFaults } from '../faults/perform.ts';
import type { RequestRecord } from '../request-log.ts';
import type { ServerState } from '../state.ts';
import { type Answer, errorAnswer } from './answer.ts';
import { Exchange } from './exchange.ts';
import { logArrival } from './log-arrival.ts';
import { factsOf, type Prepared, prepare } from './prepare.ts';
import { sendAnswer } from './send.ts';

/** Scripted faults before, the request itself, scripted faults after: a refusal can get lost like any other answer. */
async function performWithFaults(prepared: Prepared, exchange: Exchange, record: RequestRecord): Promise<Answer> {
  const before = await performFaults(exchange.faults, 'before');
  if (before !== undefined) return before;
  const outcome = await settled(
    prepared.perform(exchange, ({ arn }) => {
      record.principal = arn;
    }),
  );
  const after = await performFaults(exchange.faults, 'after');
  if (after !== undefined) return after;
  if ('refusal' in outcome) throw outcome.refusal;
  return alterAnswer(outcome.answer, exchange.faults);
}

async function settled(work: Promise<Answer>): Promise<{ answer: Answer } | { refusal: S3Error }> {
  try {
    return { answer: await work };
  } catch (error) {
    if (error instanceof S3Error) return { refusal: error };
    throw error;
  }
}

function toS3Error(error: unknown): S3Error {
  if (error instanceof S3Error) return error;
  return new S3Error(500, 'InternalError', error instanceof Error ? (error.stack ?? error.message) : String(error));
}

async function answerPrepared(
  server: ServerState,
  prepared: Prepared,
  exchange: Exchange,
  id: string,
): Promise<Answer> {
  exchange.faults = server.faults.take(factsOf(prepared));
  const record = logArrival(server, prepared, exchange);
  try {
    const answer = await performWithFaults(prepared, exchange, record);
    record.status = answer.status;
    return answer;
  } catch (error) {
    if (error instanceof ConnectionFault) throw error;
    const refusal = toS3Error(error);
    record.status = refusal.status;
    record.errorCode = refusal.code;
    return errorAnswer(refusal, prepared.service, prepared.request.method, id);
  }
}

async function answerRequest(server: ServerState, exchange: Exchange, id: string): Promise<Answer> {
  let prepared: Prepared;
  try {
    prepared = await prepare(server, exchange);
  } catch (error) {
    return errorAnswer(toS3Error(error), 's3', exchange.incoming.method ?? 'GET', id);
  }
  return answerPrepared(server, prepared, exchange, id);
}

/** Serves one request, whatever becomes of it. */
export async function serve(
  server: ServerState,
  incoming: IncomingMessage,
  response: ServerResponse,
  expectsContinue: boolean,
): Promise<void> {
  const exchange = new Exchange(incoming, response, expectsContinue);
  const id = randomBytes(8).toString('hex').toUpperCase();
  try {
    const answer = await answerRequest(server, exchange, id);
    await sendAnswer(exchange, answer, {
      server: 'AmazonS3',
      date: server.now().toUTCString(),
      'x-amz-request-id': id,
      'x-amz-id-2': 'development',
    });
  } catch (error) {
    exchange.breakOff(error instanceof ConnectionFault ? error : new ConnectionFault('reset'));
  }
}
