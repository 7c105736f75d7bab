import type { z } from 'zod';
import { SERIES_NAME } from '../series/keys.ts';
import type { StorePlace } from '../store/open-store.ts';
import { bucketProblem, isBucketArn } from './bucket.ts';
import type { InputContext } from './context.ts';
import { readEncryption, readStorageClass } from './encryption.ts';
import { endpointSchema } from './endpoint.ts';
import { form, present, text } from './fields.ts';
import { type Placeholders, readPlaceholders, templated } from './placeholders.ts';
import { type InputReader, refused } from './reader.ts';

/** Leaves half of the 1,024 bytes of a key to the version's ID and the path of the file. */
export const MAX_PREFIX_BYTES = 512;

/**
 * The safe characters of the S3 User Guide, "Naming Amazon S3 objects", without `*`: the prefix becomes part of IAM
 * resources, where `*` would mean other prefixes too.
 */
const PREFIX_SEGMENT = /^[A-Za-z0-9!_.'()-]+$/;

const AMAZON_REGION = /^[a-z]{2,}(-[a-z]+){1,3}-\d{1,2}$/;

/** Where versions go, and how they are kept there. */
export type StoreInputs = StorePlace;

/** What the input `name` may be: {@link oneSeries} or {@link anySeries}. */
export type SeriesRule = (placeholders: Placeholders, context: InputContext) => z.ZodType<string, string>;

/**
 * Where the series is, for commands that store no data of their own. The one place where templates are resolved.
 * @throws InputError
 */
export function readPlaceInputs(reader: InputReader, context: InputContext, series: SeriesRule): StoreInputs {
  const bucket = reader.read('bucket', text(bucketProblem));
  const placeholders = readPlaceholders(reader, context);
  const prefix = reader.read('prefix', templated(placeholders, prefixProblem).transform(trimSlashes));
  const name = reader.read('name', series(placeholders, context));
  const endpoint = reader.optional('endpoint', endpointSchema);
  const isAmazon = endpoint === undefined;
  if (!isAmazon && isBucketArn(bucket)) {
    throw refused(
      'endpoint',
      endpoint,
      'an access point ARN as `bucket` already says where it is: leave one of them out',
    );
  }
  return present({
    bucket,
    prefix,
    series: name,
    region: reader.optional('aws-region', regionSchema(isAmazon)),
    endpoint,
    forcePathStyle: readForcePathStyle(reader, { bucket, isAmazon }),
    expectedBucketOwner: reader.optional('expected-bucket-owner', accountSchema),
  });
}

/**
 * {@link readPlaceInputs}, and how objects are kept there.
 * @throws InputError
 */
export function readStoreInputs(reader: InputReader, context: InputContext): StoreInputs {
  const place = readPlaceInputs(reader, context, oneSeries);
  const isAmazon = place.endpoint === undefined;
  const storageClass = readStorageClass(reader, isAmazon);
  return { ...place, ...present({ storageClass, encryption: readEncryption(reader, isAmazon) }) };
}

/** One slash at either end is taken away: `/backups/` is what people write. */
function trimSlashes(prefix: string): string {
  return prefix.replace(/^\//, '').replace(/\/$/, '');
}

function prefixProblem(value: string): string | undefined {
  const prefix = trimSlashes(value);
  if (prefix === '') return undefined;
  const bytes = Buffer.byteLength(prefix);
  if (bytes > MAX_PREFIX_BYTES) return `it has ${bytes} bytes and ${MAX_PREFIX_BYTES} are allowed: shorten it`;
  const segments = prefix.split('/');
  if (segments.some((segment) => ['', '.', '..'].includes(segment))) {
    return 'it must not have an empty, `.` or `..` segment: take that out';
  }
  return segments.every((segment) => PREFIX_SEGMENT.test(segment))
    ? undefined
    : "only letters, digits, `/` and `!_.'()-` are safe in keys and in IAM policies: replace the others";
}

/** The name of the repository where none is given. */
export function oneSeries(placeholders: Placeholders, { repository }: InputContext): z.ZodType<string, string> {
  const fallback = repository.split('/').at(-1) ?? '';
  const schema = templated(placeholders, (value) => seriesProblem(value || fallback));
  return schema.transform((value) => value || fallback);
}

/** For commands that can do without: empty means all series below the prefix. */
export function anySeries(placeholders: Placeholders): z.ZodType<string, string> {
  return templated(placeholders, (name) => (name === '' ? undefined : seriesProblem(name)));
}

function seriesProblem(name: string): string | undefined {
  if (SERIES_NAME.test(name)) return undefined;
  if (name === '')
    return 'the repository of the run, whose name is the default, is not known: write the name of the series';
  return 'a series has up to 100 letters, digits and `._-` and starts with a letter or digit: write such a name';
}

function regionSchema(isAmazon: boolean): z.ZodType<string, string> {
  return isAmazon
    ? form(
        AMAZON_REGION,
        'a region of Amazon S3 looks like `eu-west-1`: correct it, or leave it empty to have it found',
      )
    : form(/^[A-Za-z0-9_-]{1,64}$/, 'a region has letters, digits, `-` and `_`: correct it, or leave it empty');
}

const accountSchema = form(/^\d{12}$/, 'an account ID has 12 digits: copy it from the bucket owner without dashes');

/** `auto`: the path for other stores, whose host names are rarely made for buckets; the host name for Amazon. */
function readForcePathStyle(
  reader: InputReader,
  store: { readonly bucket: string; readonly isAmazon: boolean },
): boolean {
  const choice = reader.choice('force-path-style', ['auto', 'true', 'false']);
  if (choice === 'true' && isBucketArn(store.bucket)) {
    throw refused('force-path-style', choice, 'an access point ARN cannot stand in a path: set it to `auto`');
  }
  return choice === 'auto' ? !store.isAmazon : choice === 'true';
}
