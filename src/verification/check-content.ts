import { hasSameEtag, type Receipt } from '../series/receipt.ts';
import type { ObjectKey } from '../store/object-key.ts';
import type { ObjectInfo, ObjectStore } from '../store/object-store.ts';
import { type ReadContext, readObject } from '../transfer/read-object.ts';
import { readStored } from '../transfer/read-stored.ts';
import { faultOf } from './fault.ts';
import type { DamageKind, Fault } from './types.ts';

/** An object whose place and size the listing has shown to be right. */
export interface Content {
  readonly key: ObjectKey;
  readonly size: number;
  /** 64 hex digits. */
  readonly sha256: string;
  readonly receipt?: Receipt;
  /** What it decodes to, where it is compressed. */
  readonly decoded?: { readonly size: number; readonly sha256: string };
}

/** `unknown`: there is nothing to compare with. */
export type Verdict = 'intact' | 'unknown' | Fault;

/**
 * Compares what the store keeps of an object with what is recorded of it; no byte is read. In this order, which ends with
 * the first that both have: SHA-256, CRC-32 (of what was sent in parts), ETag.
 *
 * @throws BackupError that says nothing of the object
 */
export async function compareChecksum(content: Content, store: Pick<ObjectStore, 'head'>): Promise<Verdict> {
  return judged('checksum', async () => {
    const found = await store.head(content.key);
    return found.size === content.size ? compareFacts(content, found) : sizeFault(content.size, found.size);
  });
}

function compareFacts({ sha256, receipt }: Content, found: ObjectInfo): Verdict {
  if (found.sha256 !== undefined) return compared('SHA-256', sha256, found.sha256);
  if (found.crc32 !== undefined && receipt?.crc32 !== undefined) {
    return compared('CRC-32', receipt.crc32, found.crc32);
  }
  if (hasSameEtag(receipt, found.etag)) return 'intact';
  // Another ETag that is no MD5 may come of a copy: in parts of another size, or under another key.
  if (found.md5 === undefined || receipt?.md5 === undefined) return 'unknown';
  return compared('MD5', receipt.md5, found.md5);
}

function compared(algorithm: string, expected: string, found: string): Verdict {
  if (found === expected) return 'intact';
  return { kind: 'checksum', problem: `the store's ${algorithm} of it is ${found} instead of ${expected}` };
}

/**
 * Reads every byte, and decodes what is compressed.
 * @throws BackupError that says nothing of the object
 */
export async function readContent(
  { decoded, receipt: _, ...content }: Content,
  context: ReadContext,
): Promise<Verdict> {
  return judged('content', async () => {
    if (decoded === undefined) await readObject(content, nowhere, context);
    else
      await readStored(
        { ...decoded, key: content.key, bytes: content.size, storedSha256: content.sha256 },
        nowhere,
        context,
      );
    return 'intact';
  });
}

async function nowhere(): Promise<void> {}

export function sizeFault(expected: number, found: number): Fault {
  return { kind: 'size', problem: `it has ${found} bytes instead of ${expected}` };
}

/** Runs a check; what an error says of the object is its verdict. */
export async function judged(kind: DamageKind, check: () => Promise<Verdict>): Promise<Verdict> {
  try {
    return await check();
  } catch (error) {
    const fault = faultOf(error, kind);
    if (fault === undefined) throw error;
    return fault;
  }
}
