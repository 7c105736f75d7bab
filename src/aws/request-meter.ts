/** How Amazon S3 bills a request: writes are its tier 1, reads its tier 2. */
export type BillingClass = 'writes' | 'reads' | 'free';

/** The sub-resources of a GET that make it a LIST, which is billed like a PUT. */
const LISTING_PARAMETERS = ['list-type', 'versions', 'uploads', 'uploadId'] as const;

/** What of an HTTP request decides its price. */
export interface MeteredRequest {
  readonly method: string;
  readonly query: Readonly<Record<string, unknown>>;
}

/**
 * Source: Amazon S3 pricing, "Requests & data retrievals": PUT, COPY, POST and LIST are one class, GET and all other
 * requests another, DELETE and CANCEL (abort) are free; the batch form of DELETE is a POST by its method only.
 */
export function billingClass({ method, query }: MeteredRequest): BillingClass {
  switch (method) {
    case 'DELETE':
      return 'free';
    case 'POST':
      return 'delete' in query ? 'free' : 'writes';
    case 'PUT':
      return 'writes';
    case 'GET':
      return LISTING_PARAMETERS.some((name) => name in query) ? 'writes' : 'reads';
    default:
      return 'reads';
  }
}

/** Counts HTTP requests as they go out, each retry again, because each is billed. */
export class RequestMeter {
  readonly #counts: Record<BillingClass, number> = { writes: 0, reads: 0, free: 0 };

  count(request: MeteredRequest): void {
    this.#counts[billingClass(request)]++;
  }

  /** The counts so far. */
  counts(): Readonly<Record<BillingClass, number>> {
    return { ...this.#counts };
  }
}
