/** Suffixes of names for other things than general purpose buckets (S3 User Guide, "Bucket naming rules"). */
const DIRECTORY_BUCKET_SUFFIX = '--x-s3';
const ALIAS_SUFFIX = '-s3alias';

const ACCESS_POINT_ARN = /^arn:aws[-a-z]*:s3:[a-z0-9-]+:\d{12}:accesspoint[/:][a-z0-9][a-z0-9-]{1,48}[a-z0-9]$/;
const NAME = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const IPV4 = /^\d{1,3}(\.\d{1,3}){3}$/;

/** What users write in place of a bucket's name, and what S3 would answer with an error that does not say so. */
const MISTAKES: readonly (readonly [is: (value: string) => boolean, rule: string])[] = [
  [(value) => value === '', 'it is required: write the name of the bucket'],
  [
    (value) => /^[a-z0-9]+:\/\//i.test(value),
    'it is a name and no URL: leave out the scheme, and move what follows the name into the input `prefix`',
  ],
  [
    (value) => value.startsWith('arn:') && value.includes('.mrap'),
    "multi-region access points are not supported: write the ARN or alias of one region's access point",
  ],
  [
    (value) => value.startsWith('arn:') && !ACCESS_POINT_ARN.test(value),
    'the only ARN it can be is that of an access point, `arn:aws:s3:<region>:<account>:accesspoint/<name>`: ' +
      'write that or the name of the bucket',
  ],
  [
    (value) => value.includes('/') && !value.startsWith('arn:'),
    'a bucket name has no `/`: move what follows the name into the input `prefix`',
  ],
  [
    (value) => value.endsWith(DIRECTORY_BUCKET_SUFFIX),
    'directory buckets have neither tags nor ordered listings: write the name of a general purpose bucket',
  ],
];

/**
 * Why a text is no bucket: the rules of the S3 User Guide, "General purpose bucket naming rules". Aliases of access
 * points have the form of names; their ARNs are taken too.
 * @returns the rule that is broken, or undefined
 */
export function bucketProblem(value: string): string | undefined {
  const mistake = MISTAKES.find(([is]) => is(value));
  if (mistake !== undefined) return mistake[1];
  if (isBucketArn(value)) return undefined;
  const isName = NAME.test(value) && !value.includes('..') && !IPV4.test(value);
  return isName
    ? undefined
    : 'a bucket name has 3 to 63 lower-case letters, digits, `-` and single dots, with a letter or digit at both ends: ' +
        'correct the name';
}

/** Whether the input is the ARN of an access point. */
export function isBucketArn(bucket: string): boolean {
  return ACCESS_POINT_ARN.test(bucket);
}

/** Whether the input is the ARN or the alias of an access point. */
export function isAccessPoint(bucket: string): boolean {
  return isBucketArn(bucket) || bucket.endsWith(ALIAS_SUFFIX);
}
