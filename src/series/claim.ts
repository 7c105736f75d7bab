import { z } from 'zod';
import { decodeDocument, encodeDocument, FORMAT, formatField } from './json.ts';
import type { RunInfo } from './model.ts';
import { runInfoSchema } from './run-info.ts';

/** The note that a number is taken by a run in progress; written before any data. */
export interface Claim {
  readonly format: typeof FORMAT;
  readonly id: string;
  readonly number: number;
  /** Random, 32 hex digits: tells our own claim from another's when a reply was lost. */
  readonly nonce: string;
  readonly run: RunInfo;
  /**
   * IDs of the versions whose objects the new one refers to: its base and all that base leans on. Prune leaves them
   * alone while the claim lives. Empty for a full version.
   */
  readonly leansOn: readonly string[];
  /** Digest of what all objects of the version are created with; a later attempt uses them only if it wants the same. */
  readonly form?: string;
}

const claimSchema = z.object({
  format: formatField,
  id: z.string(),
  number: z.int().positive(),
  nonce: z.string(),
  run: runInfoSchema,
  leansOn: z.array(z.string()),
  form: z.string().exactOptional(),
});

export function encodeClaim(claim: Omit<Claim, 'format'>): Uint8Array {
  return encodeDocument({ format: FORMAT, ...claim });
}

/** @throws BackupError of class `permanent` for bytes that are no claim this code can read */
export function parseClaim(bytes: Uint8Array, key: string): Claim {
  return decodeDocument(bytes, claimSchema, 'claim', key);
}
