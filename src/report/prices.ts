/**
 * List prices of Amazon S3 in us-east-1, in US dollars, first tier, as of October 2025 (AWS price list, service code
 * AmazonS3; https://aws.amazon.com/s3/pricing/). Minimum durations and sizes: S3 User Guide, "Understanding and managing
 * Amazon S3 storage classes". For estimates only: prices differ by region and change.
 */

const KIB = 1024;

/** Amazon bills a gigabyte as 2^30 bytes (S3 FAQ, "How will I be charged and billed"). */
export const BYTES_PER_BILLED_GB = KIB ** 3;

export interface ClassPrice {
  readonly storageUsdPerGbMonth: number;
  /** PUT, COPY, POST; absent where the price could not be established. */
  readonly writesUsdPerThousand?: number;
  /** An object that is deleted earlier is billed for this long all the same. */
  readonly minimumDays?: number;
  /** Smaller objects are billed as if they had this size. */
  readonly minimumBilledBytes?: number;
  /** Billed on top of each object's bytes, the first at the price of the class, the second at that of STANDARD. */
  readonly overhead?: { readonly classBytes: number; readonly standardBytes: number };
  readonly monitoringUsdPerThousandObjects?: number;
  /** `fee`: reading is billed by the byte. `restore`: objects must be restored before they can be read. */
  readonly retrieval?: 'fee' | 'restore';
}

/** GET, HEAD and the rest: the price of STANDARD, as what a backup reads (records) lies there. */
export const READS_USD_PER_THOUSAND = 0.0004;

export const STANDARD_PRICE: ClassPrice & { readonly writesUsdPerThousand: number } = {
  storageUsdPerGbMonth: 0.023,
  writesUsdPerThousand: 0.005,
};

const ARCHIVE_OVERHEAD = { classBytes: 32 * KIB, standardBytes: 8 * KIB };

/** By the name the API gives a class; a class that is not here gets no estimate. */
export const CLASS_PRICES: ReadonlyMap<string, ClassPrice> = new Map<string, ClassPrice>([
  ['STANDARD', STANDARD_PRICE],
  [
    'STANDARD_IA',
    {
      storageUsdPerGbMonth: 0.0125,
      writesUsdPerThousand: 0.01,
      minimumDays: 30,
      minimumBilledBytes: 128 * KIB,
      retrieval: 'fee',
    },
  ],
  [
    'ONEZONE_IA',
    {
      storageUsdPerGbMonth: 0.01,
      writesUsdPerThousand: 0.01,
      minimumDays: 30,
      minimumBilledBytes: 128 * KIB,
      retrieval: 'fee',
    },
  ],
  ['GLACIER_IR', { storageUsdPerGbMonth: 0.004, minimumDays: 90, minimumBilledBytes: 128 * KIB, retrieval: 'fee' }],
  [
    'GLACIER',
    {
      storageUsdPerGbMonth: 0.0036,
      writesUsdPerThousand: 0.03,
      minimumDays: 90,
      overhead: ARCHIVE_OVERHEAD,
      retrieval: 'restore',
    },
  ],
  [
    'DEEP_ARCHIVE',
    {
      storageUsdPerGbMonth: 0.00099,
      writesUsdPerThousand: 0.05,
      minimumDays: 180,
      overhead: ARCHIVE_OVERHEAD,
      retrieval: 'restore',
    },
  ],
  [
    'INTELLIGENT_TIERING',
    { storageUsdPerGbMonth: 0.023, writesUsdPerThousand: 0.005, monitoringUsdPerThousandObjects: 0.0025 },
  ],
]);

export const DEFAULT_STORAGE_CLASS = 'STANDARD';
