/** One request, as tests want to know it. `status` and what follows come when it has been answered. */
export interface RequestRecord {
  /** Counts from 1 for the life of the server, also across `clear()`. */
  readonly number: number;
  readonly method: string;
  readonly operation: string;
  readonly bucket: string;
  readonly key: string;
  readonly query: string;
  /** Without authorization and tokens. */
  readonly headers: Readonly<Record<string, string>>;
  /** ARN; undefined before the signature is verified. */
  principal: string | undefined;
  status: number | undefined;
  errorCode: string | undefined;
  bytesReceived: number;
  bytesSent: number;
  /** Names of the scripted faults that it met. */
  faults: readonly string[];
  /** How it ended; `cut` is a connection that closed before the answer was out. */
  outcome: 'open' | 'answered' | 'cut';
}

interface Waiter {
  readonly predicate: (record: RequestRecord) => boolean;
  readonly resolve: (record: RequestRecord) => void;
}

/** Every request since the last `clear()`, with a way to wait for one without sleeping. */
export class RequestLog {
  private records: RequestRecord[] = [];
  private waiters: Waiter[] = [];
  private count = 0;

  get all(): readonly RequestRecord[] {
    return this.records;
  }

  filter(predicate: (record: RequestRecord) => boolean): RequestRecord[] {
    return this.records.filter(predicate);
  }

  /** Requests by operation name. */
  counts(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { operation } of this.records) counts[operation] = (counts[operation] ?? 0) + 1;
    return counts;
  }

  clear(): void {
    this.records = [];
  }

  /**
   * A request that fits, at its arrival or at its answer: one that is in the log already, otherwise the next.
   * Look at `outcome` or `status` in the predicate to wait for the answer.
   */
  waitFor(predicate: (record: RequestRecord) => boolean): Promise<RequestRecord> {
    const seen = this.records.find(predicate);
    if (seen !== undefined) return Promise.resolve(seen);
    return new Promise((resolve) => this.waiters.push({ predicate, resolve }));
  }

  /** Used by the server: notes a request's arrival. */
  arrived(request: Omit<RequestRecord, 'number'>): RequestRecord {
    const record: RequestRecord = { ...request, number: ++this.count };
    this.records.push(record);
    this.changed(record);
    return record;
  }

  /** Used by the server: something about the request has become known. */
  changed(record: RequestRecord): void {
    const waiting = this.waiters;
    this.waiters = waiting.filter(({ predicate }) => !predicate(record));
    for (const waiter of waiting) if (!this.waiters.includes(waiter)) waiter.resolve(record);
  }
}
