import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { GetObjectCommand, type GetObjectCommandOutput } from '@aws-sdk/client-s3';
import { expect } from '@jest/globals';
import type { Bucket, IndexLine } from './bucket.ts';

/** Series of {@link World.backup}: prefix and name of the inputs' defaults. */
export const SERIES = 'backups/dist/';

const READS_AT_ONCE = 32;

export interface StoredBytes {
  readonly size: number;
  /** 64 hex digits. */
  readonly sha256: string;
}

/** Reads an object once, without holding it in memory. */
export async function digestOf(bucket: Bucket, key: string): Promise<StoredBytes> {
  const { Body } = await bucket.client.send(new GetObjectCommand({ Bucket: bucket.name, Key: key }));
  return digestOfBody(Body, key);
}

async function digestOfBody(body: GetObjectCommandOutput['Body'], key: string): Promise<StoredBytes> {
  if (!(body instanceof Readable)) throw new Error(`${key} has no body`);
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of body) {
    hash.update(chunk);
    size += chunk.length;
  }
  return { size, sha256: hash.digest('hex') };
}

/**
 * Reads a whole version back by its record and its index, as a restore would: every object is there and has the size
 * and the SHA-256 of its line, and the lines are sorted and as many as the record says.
 *
 * @param every with thousands of files: read only one file of so many
 * @returns the lines
 */
export async function expectRestorable(bucket: Bucket, recordKey: string, every = 1): Promise<IndexLine[]> {
  const record = await bucket.json(recordKey);
  const lines = await bucket.index(recordKey);
  const paths = lines.map(({ path }) => path);
  expect(paths).toEqual(paths.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
  const files = lines.filter(({ type }) => type === 'file');
  expect(record.totals).toMatchObject({ files: files.length });
  const sizes = new Map((await bucket.objects(SERIES)).map(({ key, size }) => [key, size]));
  expect(files.filter(({ key, size }) => sizes.get(`${SERIES}${key}`) !== size)).toEqual([]);
  const toRead = files.filter((_, at) => at % every === 0);
  for (let start = 0; start < toRead.length; start += READS_AT_ONCE) {
    await Promise.all(toRead.slice(start, start + READS_AT_ONCE).map((line) => expectIntact(bucket, line)));
  }
  return lines;
}

async function expectIntact(bucket: Bucket, { path, key, size, sha256 }: IndexLine): Promise<void> {
  expect({ path, ...(await digestOf(bucket, `${SERIES}${key}`)) }).toEqual({ path, size, sha256 });
}

/** Keys of the records that are there, in order of their numbers. */
export function recordKeys(bucket: Bucket): Promise<string[]> {
  return bucket.keys(`${SERIES}versions/`);
}

/** Nothing of a version is to be seen: no record, and no multipart upload that is still open. */
export async function expectNoVersion(bucket: Bucket): Promise<void> {
  expect(await recordKeys(bucket)).toEqual([]);
  expect(await bucket.uploads()).toEqual([]);
}
