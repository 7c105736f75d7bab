import { compareUtf8 } from '../../../src/byte-order.ts';

/** A map that is read in the order of its keys' UTF-8 bytes. */
export class KeyIndex<Value> {
  private readonly values = new Map<string, Value>();
  private readonly keys: string[] = [];

  get size(): number {
    return this.values.size;
  }

  get(key: string): Value | undefined {
    return this.values.get(key);
  }

  set(key: string, value: Value): void {
    if (!this.values.has(key)) this.keys.splice(this.position(key), 0, key);
    this.values.set(key, value);
  }

  delete(key: string): void {
    if (this.values.delete(key)) this.keys.splice(this.position(key), 1);
  }

  /** Entries in order, the first at or after `from`. */
  *entries(from = ''): Generator<readonly [string, Value]> {
    for (let at = this.position(from); at < this.keys.length; at++) {
      const key = this.keys[at];
      const value = key === undefined ? undefined : this.values.get(key);
      if (key !== undefined && value !== undefined) yield [key, value];
    }
  }

  /** Where `key` stands, or would. */
  private position(key: string): number {
    let low = 0;
    let high = this.keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareUtf8(this.keys[middle] ?? '', key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
