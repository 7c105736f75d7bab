import { z } from 'zod';
import { isClass } from '../errors.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { readSmall } from '../store/read-small.ts';
import { decodeDocument, encodeDocument, FORMAT, formatField, MAX_DOCUMENT_BYTES } from './json.ts';
import type { SeriesKeys } from './keys.ts';
import type { RunInfo } from './model.ts';
import { runInfoSchema } from './run-info.ts';

/** The mark that keeps a version for ever: who set it, when and why. Any object under its key pins, an empty one too. */
export interface PinDocument {
  readonly format: typeof FORMAT;
  readonly id: string;
  readonly number: number;
  /** As it was given: hostile text. */
  readonly reason: string;
  /** Who. */
  readonly run: RunInfo;
  /** RFC 3339, the store's clock. */
  readonly time: string;
}

const pinSchema = z.object({
  format: formatField,
  id: z.string(),
  number: z.int().positive(),
  reason: z.string(),
  run: runInfoSchema,
  time: z.iso.datetime(),
});

export function encodePin(pin: Omit<PinDocument, 'format'>): Uint8Array {
  return encodeDocument({ format: FORMAT, ...pin });
}

/** @throws BackupError of class `permanent` for bytes that are no pin this code can read */
export function parsePin(bytes: Uint8Array, key: string): PinDocument {
  return decodeDocument(bytes, pinSchema, 'pin', key);
}

/**
 * What a pin says of itself.
 * @returns undefined for one that was set by hand, says something else, or is gone by now
 */
export async function readPin(
  store: Pick<ObjectStore, 'get'>,
  keys: SeriesKeys,
  number: number,
): Promise<PinDocument | undefined> {
  const key = keys.pin(number);
  try {
    // Once: what makes no sense is nearly always a pin that was set by hand.
    return parsePin(await readSmall(store, key, MAX_DOCUMENT_BYTES), key);
  } catch (error) {
    const isOurs = isClass(error, 'permanent') && error.details.httpStatus === undefined;
    if (isOurs || isClass(error, 'not-found')) return undefined;
    throw error;
  }
}
