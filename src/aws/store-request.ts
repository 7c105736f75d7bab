/** What was asked of a store when it failed; as much of it as the message can use. */
export interface StoreRequest {
  /** As the S3 API Reference names it: `PutObject`. */
  readonly operation: string;
  readonly bucket: string;
  readonly key?: string;
  readonly region?: string;
  /** Absent for Amazon S3. */
  readonly endpoint?: URL;
  readonly expectedBucketOwner?: string;
  readonly storageClass?: string;
  readonly kmsKeyId?: string;
  /** Tags travelled with the object. */
  readonly tagging?: boolean;
  /** A version was named. */
  readonly versioned?: boolean;
}

/** A text in quotes, with everything escaped that could break out of a line. */
export function quote(text: string): string {
  return JSON.stringify(text);
}

/** `PutObject of "a/b" in bucket "c"` */
export function describeRequest({ operation, bucket, key }: StoreRequest): string {
  return key === undefined
    ? `${operation} on bucket ${quote(bucket)}`
    : `${operation} of ${quote(key)} in bucket ${quote(bucket)}`;
}

/** Who answered: `Amazon S3`, or the endpoint's host. */
export function storeName(endpoint: URL | undefined): string {
  return endpoint === undefined ? 'Amazon S3' : `the store at ${endpoint.host}`;
}

/** A sentence starts with a capital. */
export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
