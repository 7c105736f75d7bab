import { createHash } from 'node:crypto';
import type { ClaimPorts } from '../../src/series/claim-number.ts';
import { MemoryStore } from '../../src/store/memory.ts';
import { type ObjectKey, objectKey } from '../../src/store/object-key.ts';
import type { DeleteFailure, PutOptions, StoredObject } from '../../src/store/object-store.ts';
import { KEYS } from '../series/series-fixture.ts';
import { numberOf } from './stage.ts';

export const DAY_MS = 86_400_000;
export const START_MS = Date.UTC(2026, 10, 22);
export const ABANDONED_AFTER_MS = 7 * DAY_MS;

export interface WorldOptions {
  /** Keys on a page of a listing. */
  readonly pageSize?: number;
  readonly conditionalWrites?: 'enforced' | 'ignored';
}

/** What a version is made of: keys of its objects, own and leaned on, and the bytes of each, a character for each. */
export type Contents = ReadonlyMap<string, string>;

/** Neighbours that nobody may touch. */
const FOREIGN = ['backups/dist2/versions/x.json', 'backups/dist/README.md', 'backups/dist/data/unknown/file'];

interface StoredText {
  /** By {@link numberOf}. */
  readonly text: number;
  /** When it was written. */
  readonly ms: number;
}

/** What all actors share, and what is known of them from outside. */
export class World {
  readonly store: MemoryStore;
  readonly pageSize: number;
  readonly conditionalWrites: 'enforced' | 'ignored';
  /** What is stored now. */
  readonly objects = new Map<string, StoredText>();
  /** What each version has to consist of, from the moment it becomes visible. */
  readonly versions = new Map<string, Contents>();
  /** The same by the record that is to be written: attempts at one version have one of their own each. */
  readonly prepared = new Map<number, Contents>();
  /** IDs of versions whose writers were told that they are there. */
  readonly reported = new Set<string>();
  /** How many writers were. A later attempt may be told so of a version that a prune has removed in the meantime. */
  successes = 0;
  /** IDs that a plan named for removal. */
  readonly named = new Set<string>();
  /** Of writers that ended without a version; each with why. */
  readonly failures: string[] = [];
  readonly problems: string[] = [];
  /** Requests that write a record, under way: none takes days. */
  commits = 0;
  nowMs = START_MS;
  /** How often something was written, deleted, reported or named; what has not changed need not be looked at again. */
  changes = 0;
  #writes = 0;

  constructor({ pageSize = 1000, conditionalWrites = 'enforced' }: WorldOptions = {}) {
    this.pageSize = pageSize;
    this.conditionalWrites = conditionalWrites;
    this.store = new MemoryStore({ conditionalWrites, clock: () => this.now() });
    for (const key of FOREIGN) this.plant(objectKey(key), 'foreign');
  }

  /** Without conditions writers tell who was first by the time of a write: there every write has a time of its own. */
  now(): Date {
    return new Date(this.nowMs + (this.conditionalWrites === 'ignored' ? this.#writes * 1000 : 0));
  }

  /** A writer is told that its version is there. */
  report(id: string): void {
    if (this.reported.has(id) && !this.named.has(id)) this.problems.push(`${id} was reported as a success twice`);
    this.reported.add(id);
    this.successes += 1;
    this.changes += 1;
  }

  plant(key: ObjectKey, text: string): void {
    void this.put(key, Buffer.from(text, 'latin1'));
  }

  put(key: ObjectKey, body: Uint8Array, options: PutOptions = {}): Promise<StoredObject> {
    const before = this.objects.get(key);
    const isRefused = options.ifAbsent === true && before !== undefined && this.conditionalWrites === 'enforced';
    if (!isRefused) {
      const text = numberOf(Buffer.from(body).toString('latin1'));
      const contents = this.prepared.get(text);
      if (contents !== undefined) this.versions.set(key.slice(KEYS.versionsPrefix.length, -'.json'.length), contents);
      this.objects.set(key, { text, ms: +this.now() });
      this.#writes += 1;
      this.changes += 1;
    }
    return this.store.put(key, body, options);
  }

  async delete(key: ObjectKey): Promise<DeleteFailure[]> {
    this.objects.delete(key);
    this.changes += 1;
    return this.store.delete([{ key }]);
  }

  /** @param text a character for each byte */
  has(key: string, text: string): boolean {
    return this.objects.get(key)?.text === numberOf(text);
  }

  foreignIsUntouched(): boolean {
    return FOREIGN.every((key) => this.has(key, 'foreign'));
  }

  /** The same text only where the store is the same, and what was promised of it too. */
  key(): string {
    const parts = [...this.objects].map(([key, { text, ms }]) => `${key} ${text} ${ms - START_MS}`).sort();
    const facts = [this.named, this.reported, this.failures].map((all) => [...all].sort().join()).join(';');
    return createHash('sha1')
      .update(parts.join('\n'))
      .update(`${facts};${this.successes};${this.nowMs}`)
      .digest('base64');
  }
}

/** What the steps of one actor work with. Nonces and chance depend on nothing but the actor. */
export function portsOf(name: string): ClaimPorts {
  let nonces = 0;
  let draws = name.length;
  return {
    nonce: () => createHash('md5').update(`${name} ${nonces++}`).digest('hex'),
    sleep: async () => {},
    monotonicMs: () => 0,
    retryForMs: 60_000,
    random: () => ((draws++ * 7) % 10) / 10,
  };
}
