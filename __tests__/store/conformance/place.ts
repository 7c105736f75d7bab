import { createHash } from 'node:crypto';
import { expect } from '@jest/globals';
import { isClass } from '../../../src/errors.ts';
import { type ObjectKey, objectKey } from '../../../src/store/object-key.ts';
import type { ListedVersion, ObjectStore } from '../../../src/store/object-store.ts';

/** For tests that move some megabytes or many objects over a real network. */
export const TIMEOUT_MS = 120_000;

/** A store below one prefix, in few words. */
export class Place {
  readonly store: ObjectStore;
  readonly prefix: string;

  constructor(store: ObjectStore, prefix: string) {
    this.store = store;
    this.prefix = prefix;
  }

  key(name: string): ObjectKey {
    return objectKey(`${this.prefix}${name}`);
  }

  async put(name: string, text = ''): Promise<ObjectKey> {
    const key = this.key(name);
    await this.store.put(key, Buffer.from(text));
    return key;
  }

  async text(key: ObjectKey): Promise<string> {
    return (await this.bytes(key)).toString();
  }

  async bytes(key: ObjectKey): Promise<Buffer> {
    const { body, size } = await this.store.get(key);
    const bytes = Buffer.concat(await Array.fromAsync(body));
    expect(bytes.length).toBe(size);
    return bytes;
  }

  /** Names in the order of the listing. */
  async names(prefix = this.prefix): Promise<string[]> {
    const listed = await Array.fromAsync(this.store.list(prefix));
    return listed.map(({ key }) => key.slice(this.prefix.length));
  }

  async versions(): Promise<ListedVersion[]> {
    return Array.fromAsync(this.store.listVersions(this.prefix));
  }
}

/** A place where nothing is yet. */
export type NewPlace = () => Place;

/** What a failure means, as far as the contract says; `no error` if there was none. */
export async function classOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'no error';
  } catch (error) {
    return isClass(error, 'not-found', 'lost-race', 'conflict') ? error.class : 'another error';
  }
}

export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
