import { BufferPool } from './buffer-pool.ts';
import type { Lanes } from './lanes.ts';

/** A part that is being filled. Exactly one of `send` and `drop` ends it. */
export interface PartBuffer {
  readonly bytes: Buffer;
  /**
   * Runs `work`, which sends the part, in the turn of one request.
   * @returns `begun`: there is memory for another part; `sent`: the work is done
   */
  send(work: () => Promise<void>): { readonly begun: Promise<void>; readonly sent: Promise<void> };
  drop(): void;
}

/** Where the parts of an object that grows are filled. */
export interface PartBuffers {
  /** Bytes of each; of the first ones where later ones are larger. */
  readonly size: number;
  take(): Promise<PartBuffer>;
}

/**
 * Memory that was set aside for parts that are filled by what comes in the order of a selection: they must not wait for
 * what comes later in it. On its way a part counts as memory of the lanes.
 * @param count for so many parts memory was set aside
 */
export function reservedBuffers(lanes: Lanes, size: number, count: number): PartBuffers {
  const pool = new BufferPool(size, count);
  return {
    size,
    async take() {
      const bytes = pool.take();
      return {
        bytes,
        send(work) {
          const begun = Promise.withResolvers<void>();
          const sent = lanes.withBytes(size, async () => {
            pool.handOver();
            begun.resolve();
            await work();
            pool.giveBack(bytes);
          });
          return { begun: begun.promise, sent };
        },
        drop: () => pool.handOver(),
      };
    },
  };
}

/** Memory of the lanes from the first byte on, for parts that are filled by one file: they wait for nothing else. */
export function leasedBuffers(lanes: Lanes, size: number): PartBuffers {
  return growingBuffers(lanes, () => size);
}

/** As {@link leasedBuffers}, of different sizes. @param sizeOf bytes of the part of this number, from 1 */
export function growingBuffers(lanes: Lanes, sizeOf: (number: number) => number): PartBuffers {
  let taken = 0;
  return {
    size: sizeOf(1),
    async take() {
      taken += 1;
      const lease = await lanes.lease(sizeOf(taken));
      return {
        bytes: lease.buffer,
        send: (work) => ({ begun: Promise.resolve(), sent: lease.send(work) }),
        drop: lease.release,
      };
    },
  };
}
