import { setTimeout as delay } from 'node:timers/promises';
import { S3Error } from '../errors.ts';
import { type Answer, errorDocument } from '../http/answer.ts';
import { fitsPattern } from './match.ts';
import type { FiredFault } from './registry.ts';
import type { FaultAction } from './script.ts';

/** `reset` loses what is under way, `close` comes behind it, `silence` leaves the client waiting. */
type Ending = 'reset' | 'close' | 'silence';

/** Ends a request without a whole answer. */
export class ConnectionFault extends Error {
  readonly kind: Ending;

  constructor(kind: Ending) {
    super(`the request ends without an answer: ${kind}`);
    this.kind = kind;
  }
}

const inBody = ({ code, message = code }: { code: string; message?: string }): Answer => ({
  status: 200,
  headers: { 'content-type': 'application/xml' },
  body: errorDocument(new S3Error(200, code, message), 's3', 'scripted'),
});

async function perform({ action }: FiredFault): Promise<Answer | undefined> {
  switch (action.type) {
    case 'delay':
      await delay(action.milliseconds);
      return undefined;
    case 'gate':
      await action.gate.pass();
      return undefined;
    case 'error':
      throw new S3Error(action.status, action.code, action.message ?? action.code, { headers: action.headers ?? {} });
    case 'errorInBody':
      return inBody(action);
    case 'reset':
    case 'silence':
      throw new ConnectionFault(action.type);
    default:
      return undefined;
  }
}

/**
 * Plays what was scripted for one side of a request's effect.
 * @returns an answer that stands in for the real one, if any.
 * @throws {S3Error} a scripted refusal.
 * @throws {ConnectionFault}
 */
export async function performFaults(
  faults: readonly FiredFault[],
  when: 'before' | 'after',
): Promise<Answer | undefined> {
  let answer: Answer | undefined;
  for (const fault of faults) if (fault.when === when) answer = (await perform(fault)) ?? answer;
  return answer;
}

/** The action of the first fault of a type that a request has met. */
export function faultOfType<Type extends FaultAction['type']>(
  faults: readonly FiredFault[],
  type: Type,
): Extract<FaultAction, { type: Type }> | undefined {
  const isOfType = (action: FiredFault['action']): action is Extract<FaultAction, { type: Type }> =>
    action.type === type;
  return faults.map(({ action }) => action).find(isOfType);
}

/** The error that a script wants for one key of a DeleteObjects request. */
export function scriptedKeyError(faults: readonly FiredFault[], key: string): S3Error | undefined {
  for (const { action } of faults) {
    if (action.type === 'keyErrors' && fitsPattern(action.keys, key)) {
      return new S3Error(500, action.code, action.message ?? action.code);
    }
  }
  return undefined;
}
