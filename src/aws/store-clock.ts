import { performance } from 'node:perf_hooks';
import { BackupError } from '../errors.ts';

/** A `Date` header counts whole seconds (RFC 9110, 5.6.7): the server's time is up to this much later. */
export const DATE_HEADER_GRANULARITY_MS = 1000;

/**
 * The time of a server, told by the `Date` header of its latest reply and carried forward by a clock that nobody sets.
 * A machine with a wrong clock so still agrees with the store.
 */
export class StoreClock {
  readonly #monotonic: () => number;
  #seen: { readonly serverMs: number; readonly atMs: number } | undefined;

  /** @param monotonic milliseconds from any origin, never set back */
  constructor(monotonic: () => number = () => performance.now()) {
    this.#monotonic = monotonic;
  }

  /** Takes the time from a reply; a missing or unreadable header changes nothing. */
  observe(dateHeader: string | undefined): void {
    const serverMs = Date.parse(dateHeader ?? '');
    if (!Number.isNaN(serverMs)) this.#seen = { serverMs, atMs: this.#monotonic() };
  }

  /** True after the first reply. */
  get isSet(): boolean {
    return this.#seen !== undefined;
  }

  /** @throws BackupError of class `permanent` before the first reply */
  now(): Date {
    if (this.#seen === undefined) {
      throw new BackupError("The store's time is not known: it has not answered yet, or without a Date header.", {
        class: 'permanent',
        operation: 'read clock',
      });
    }
    return new Date(this.#seen.serverMs + this.#monotonic() - this.#seen.atMs);
  }
}
