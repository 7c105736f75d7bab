import { DeleteObjectCommand, DeleteObjectsCommand } from '@aws-sdk/client-s3';
import pLimit from 'p-limit';
import { EMPTY_REPLY } from '../../aws/empty-reply.ts';
import { classOf } from '../../aws/error-class.ts';
import { factsOf } from '../../aws/error-facts.ts';
import { actionsOf } from '../../aws/iam-actions.ts';
import { BackupError, isClass } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { DeleteFailure, DeleteTarget } from '../object-store.ts';
import { Tries } from '../retry.ts';
import type { S3Connection } from './connection.ts';

/** S3 API, DeleteObjects. */
export const MAX_BATCH_KEYS = 1000;

const SINGLE_DELETES_AT_ONCE = 16;

/** Refusals of the batch form as such: stores that want a Content-MD5 no current SDK sends, or have no batch at all. */
const NO_BATCH_CODES = new Set([
  'NotImplemented',
  'MissingContentMD5',
  'InvalidRequest',
  'InvalidDigest',
  'MethodNotAllowed',
  'InvalidArgument',
]);

/** XML 1.0 has no way to write these, so a key that has one cannot be part of a batch. */
const NOT_IN_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/** Deletes in batches whose per-key errors are read and retried; one by one where the store refuses batches. */
export class Deleter {
  readonly #connection: S3Connection;
  readonly #log: Log;
  #batches = true;
  #quiet = true;

  constructor(connection: S3Connection, log: Log) {
    this.#connection = connection;
    this.#log = log;
  }

  /** @returns what is still there */
  async delete(targets: readonly DeleteTarget[]): Promise<DeleteFailure[]> {
    const failures: DeleteFailure[] = [];
    for (let start = 0; start < targets.length; start += MAX_BATCH_KEYS) {
      failures.push(...(await this.#deleteSome(targets.slice(start, start + MAX_BATCH_KEYS))));
    }
    return failures;
  }

  async #deleteSome(targets: readonly DeleteTarget[]): Promise<DeleteFailure[]> {
    const tries = new Tries(this.#connection.options.retry);
    const final: DeleteFailure[] = [];
    for (let rest = targets; ; ) {
      const failures = await this.#once(rest);
      const again = failures.filter(isWorthAnotherTry);
      final.push(...failures.filter((failure) => !again.includes(failure)));
      const [first] = again;
      if (first === undefined) return final;
      try {
        await tries.waitAfter(asError(first));
      } catch (error) {
        this.#connection.options.signal.throwIfAborted();
        if (!isClass(error, classOf(first))) throw error;
        return [...final, ...again];
      }
      rest = again.map(({ target }) => target);
    }
  }

  async #once(targets: readonly DeleteTarget[]): Promise<DeleteFailure[]> {
    const inBatch = this.#batches ? targets.filter(({ key }) => !NOT_IN_XML.test(key)) : [];
    const single = targets.filter((target) => !inBatch.includes(target));
    return [...(inBatch.length > 0 ? await this.#batch(inBatch) : []), ...(await this.#oneByOne(single))];
  }

  async #batch(targets: readonly DeleteTarget[]): Promise<DeleteFailure[]> {
    try {
      const failures = await this.#sendBatch(targets);
      const denied = failures.filter(({ code }) => code === 'AccessDenied');
      if (denied.length === 0 || this.#connection.options.isAmazon) return failures;
      const rest = failures.filter((failure) => !denied.includes(failure));
      return [...rest, ...(await this.#withoutBatch(denied))];
    } catch (error) {
      if (!isClass(error, 'permanent') || !NO_BATCH_CODES.has(error.details.code ?? '')) throw error;
      this.#giveUpBatches();
      return this.#oneByOne(targets);
    }
  }

  async #sendBatch(targets: readonly DeleteTarget[]): Promise<DeleteFailure[]> {
    const Objects = targets.map(({ key, versionId }) => ({ Key: key, ...(versionId && { VersionId: versionId }) }));
    const subject = { operation: 'DeleteObjects', key: targets[0]?.key ?? '' };
    const { Errors = [] } = await this.#connection.send(subject, (client, options) => {
      const input = { ...this.#connection.target, Delete: { Objects, Quiet: this.#quiet } };
      return client.send(new DeleteObjectsCommand(input), options).catch((error: unknown) => {
        // So does Alibaba's answer where there is nothing to say ("DeleteMultipleObjects"); then it is to say everything.
        if (factsOf(error).code === EMPTY_REPLY) this.#quiet = false;
        throw error;
      });
    });
    return Errors.flatMap(({ Key, VersionId, Code = 'Unknown', Message = Code }) =>
      meant(targets, Key, VersionId).map((target) => ({
        target,
        code: Code,
        message: explained(target, Code, Message),
      })),
    );
  }

  /**
   * Ceph 16 denies every key of a batch to a session that has a session policy, and deletes the same keys when asked
   * for each. One key shows whether that is what happened.
   */
  async #withoutBatch(denied: readonly DeleteFailure[]): Promise<readonly DeleteFailure[]> {
    const [first, ...others] = denied.map(({ target }) => target);
    if (first === undefined || (await this.#single(first)) !== undefined) return denied;
    this.#giveUpBatches();
    return this.#oneByOne(others);
  }

  #giveUpBatches(): void {
    this.#batches = false;
    this.#log.warn({
      kind: 'store-without-batch-delete',
      message: 'This store refuses batched deletes; objects are deleted one by one.',
    });
  }

  async #oneByOne(targets: readonly DeleteTarget[]): Promise<DeleteFailure[]> {
    const limit = pLimit(SINGLE_DELETES_AT_ONCE);
    const outcomes = await Promise.all(targets.map((target) => limit(() => this.#single(target))));
    return outcomes.filter((outcome) => outcome !== undefined);
  }

  async #single(target: DeleteTarget): Promise<DeleteFailure | undefined> {
    const { key, versionId } = target;
    try {
      await this.#connection.send({ operation: 'DeleteObject', key }, (client, options) =>
        client.send(
          new DeleteObjectCommand({ ...this.#connection.target, Key: key, ...(versionId && { VersionId: versionId }) }),
          options,
        ),
      );
      return undefined;
    } catch (error) {
      if (isClass(error, 'not-found')) return undefined;
      if (!isClass(error, 'permanent')) throw error;
      return { target, code: codeOf(error), message: error.message };
    }
  }
}

/** Of the errors a batch has for single keys. */
function isWorthAnotherTry(failure: DeleteFailure): boolean {
  return isClass(asError(failure), 'transient', 'throttled', 'conflict');
}

function asError({ target: { key }, code, message }: DeleteFailure): BackupError {
  return new BackupError(message, { class: classOf({ code }), operation: 'DeleteObjects', key, code });
}

function codeOf(error: BackupError): string {
  return error.details.code ?? 'Unknown';
}

/**
 * The targets an error of a batch speaks of. Stores differ in what they say of a version that was or was not named; an
 * error that fits none must not be lost, so it counts for all: what is reported as still there is tried again.
 */
function meant(targets: readonly DeleteTarget[], key: string | undefined, versionId: string | undefined) {
  const ofKey = targets.filter((target) => target.key === key);
  const exact = ofKey.filter((target) => (target.versionId ?? '') === (versionId ?? ''));
  return exact.length > 0 ? exact : ofKey.length > 0 ? ofKey : targets;
}

/** The store's words, and the IAM action that is missing where they do not name it. */
function explained({ versionId }: DeleteTarget, code: string, words: string): string {
  if (code !== 'AccessDenied' || /s3:\w|object lock/i.test(words)) return words;
  return `${words} (needs ${actionsOf('DeleteObject', { versioned: versionId !== undefined }).join(' and ')})`;
}
