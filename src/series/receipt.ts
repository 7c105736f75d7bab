import { z } from 'zod';
import type { StoredObject } from '../store/object-store.ts';

/** What the store said of an object when it took it. Whatever it says of it later without a download has to agree. */
export interface Receipt {
  /** MD5 of the object's bytes, 32 hex digits, where its ETag is that. */
  readonly md5?: string;
  /** The ETag, without quotes, where it is none: of an object in parts, or under a KMS key. */
  readonly etag?: string;
  /** CRC-32 of the object's bytes, 8 hex digits: of an object in parts, of which no store keeps a SHA-256. */
  readonly crc32?: string;
}

export const receiptSchema = z.object({
  md5: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .exactOptional(),
  etag: z.string().min(1).exactOptional(),
  crc32: z
    .string()
    .regex(/^[0-9a-f]{8}$/)
    .exactOptional(),
});

/**
 * @param stored the store's reply
 * @param crc32 of an object that was sent in parts, as an unsigned number
 * @returns undefined where there is nothing to go by later
 */
export function receiptOf({ etag, md5 }: StoredObject, crc32?: number): Receipt | undefined {
  const receipt: Receipt = {
    ...(md5 ? { md5 } : etag && { etag: plainEtag(etag) }),
    ...(crc32 !== undefined && { crc32: crc32.toString(16).padStart(8, '0') }),
  };
  return Object.keys(receipt).length === 0 ? undefined : receipt;
}

/** Whether an object still has the ETag that it was stored under, so that it is the same object. */
export function hasSameEtag(receipt: Receipt | undefined, etag: string | undefined): boolean {
  const expected = receipt?.md5 ?? receipt?.etag;
  return expected !== undefined && etag !== undefined && plainEtag(etag) === expected;
}

/** In the order in which it is written. */
export function orderedReceipt({ md5, etag, crc32 }: Receipt): Receipt {
  return { ...(md5 && { md5 }), ...(etag && { etag }), ...(crc32 && { crc32 }) };
}

/** HTTP quotes ETags (RFC 9110, 8.8.3); not all stores do so everywhere. */
function plainEtag(etag: string): string {
  return etag.replace(/^"(.*)"$/, '$1');
}
