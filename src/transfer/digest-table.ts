/** Slots per entry: open addressing gets slow when it is full. */
const SLOTS_PER_ENTRY = 1.5;
const MIN_SLOTS = 64;
const FREE = -1;

/** Multiplier of the golden ratio (Knuth, The Art of Computer Programming 3, 6.4): spreads what is not random. */
const SPREAD = 0x9e3779b1;

/**
 * Positions by digest: 12 bytes a slot, so a million entries take 18 MB (at most twice that where it had to grow). Of a
 * digest only 32 bits are kept: what is found has to be compared with what was looked for.
 */
export class DigestTable {
  #tags: Uint32Array;
  #positions: Float64Array;
  #size = 0;

  /** @param expected entries; more may come */
  constructor(expected: number) {
    const slots = Math.max(MIN_SLOTS, Math.ceil(expected * SLOTS_PER_ENTRY));
    this.#tags = new Uint32Array(slots);
    this.#positions = new Float64Array(slots).fill(FREE);
  }

  /** @param digest hex digits, at least eight */
  add(digest: string, position: number): void {
    if ((this.#size + 1) * SLOTS_PER_ENTRY > this.#tags.length) this.#grow();
    this.#insert(tagOf(digest), position);
    this.#size += 1;
  }

  /** The positions that were added under this digest, and possibly some of others, in the order of adding. */
  *candidates(digest: string): Generator<number> {
    const tag = tagOf(digest);
    for (let slot = this.#slotOf(tag); this.#positions[slot] !== FREE; slot = (slot + 1) % this.#tags.length) {
      const position = this.#positions[slot];
      if (this.#tags[slot] === tag && position !== undefined) yield position;
    }
  }

  #insert(tag: number, position: number): void {
    let slot = this.#slotOf(tag);
    while (this.#positions[slot] !== FREE) slot = (slot + 1) % this.#tags.length;
    this.#tags[slot] = tag;
    this.#positions[slot] = position;
  }

  #slotOf(tag: number): number {
    return (Math.imul(tag, SPREAD) >>> 0) % this.#tags.length;
  }

  #grow(): void {
    const [tags, positions] = [this.#tags, this.#positions];
    this.#tags = new Uint32Array(tags.length * 2);
    this.#positions = new Float64Array(tags.length * 2).fill(FREE);
    for (const [slot, position] of positions.entries()) {
      if (position !== FREE) this.#insert(tags[slot] ?? 0, position);
    }
  }
}

function tagOf(digest: string): number {
  return Number.parseInt(digest.slice(0, 8), 16);
}
