import type { ObjectKey } from '../store/object-key.ts';
import type { ObjectStore } from '../store/object-store.ts';
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
  /** What it decodes to, where it is compressed. */
  readonly decoded?: { readonly size: number; readonly sha256: string };
}

/** `unknown`: there is nothing to compare with. */
export type Verdict = 'intact' | 'unknown' | Fault;

/**
 * Compares the checksum that the store keeps with the recorded one; no byte is read. Of what was sent in parts stores
 * keep a CRC-32 of the whole or a checksum of checksums, neither of which is recorded.
 *
 * @throws BackupError that says nothing of the object
 */
export async function compareChecksum(content: Content, store: Pick<ObjectStore, 'head'>): Promise<Verdict> {
  return judged('checksum', async () => {
    const { size, sha256 } = await store.head(content.key);
    if (size !== content.size) return sizeFault(content.size, size);
    if (sha256 === undefined) return 'unknown';
    if (sha256 === content.sha256) return 'intact';
    return { kind: 'checksum', problem: `the store's SHA-256 of it is ${sha256} instead of ${content.sha256}` };
  });
}

/**
 * Reads every byte, and decodes what is compressed.
 * @throws BackupError that says nothing of the object
 */
export async function readContent({ decoded, ...content }: Content, context: ReadContext): Promise<Verdict> {
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
