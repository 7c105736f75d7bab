/**
 * How deep a verification goes; each level includes what the one before it finds, but that `data` and `restore` read
 * bytes where `checksums` asks for what the store keeps.
 */
export type Level = 'objects' | 'checksums' | 'data' | 'restore';

/** Which objects level `data` reads. */
export type DataSubset =
  /** One of `parts` shares, 1 ≤ `part` ≤ `parts`; every object is in exactly one of them. */
  | { readonly kind: 'part'; readonly part: number; readonly parts: number }
  /** Each object with the probability `share`, 0 < `share` ≤ 1; the same seed draws the same ones. */
  | { readonly kind: 'sample'; readonly share: number; readonly seed: string };

/**
 * What is wrong. Of whole versions: `record`, `claim`, `index`, and `restore` for a drill that failed. Of entries:
 * `entry` (it leads nowhere it may), `missing`, `size`, `checksum` (the store's own differs), `content` (the bytes
 * differ), `unreadable` (the store does not hand the bytes out).
 */
export type DamageKind =
  | 'record'
  | 'claim'
  | 'index'
  | 'restore'
  | 'entry'
  | 'missing'
  | 'size'
  | 'checksum'
  | 'content'
  | 'unreadable';

/** What was found of one object. */
export interface Fault {
  readonly kind: DamageKind;
  /** Reads on after a colon. May quote hostile text. */
  readonly problem: string;
}

/** Something that a version needs and does not have as it was stored. */
export interface Damage extends Fault {
  /** Of the entry; absent where the whole version is hurt. Hostile text. */
  readonly path?: string;
  /** Of the object. Hostile text. */
  readonly key: string;
  /** IDs of the versions it hurts; never empty. */
  readonly versions: readonly string[];
}
