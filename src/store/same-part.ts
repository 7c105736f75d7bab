import { createHash } from 'node:crypto';
import type { ListedPart, Part } from './object-store.ts';

/** An ETag that may be an MD5: under a key of KMS it only looks like one. */
const MD5_ETAG = /^"?([0-9a-f]{32})"?$/;

/** Whether an upload has a part already: by its checksum where the store lists that, by its MD5 otherwise. */
export function isSamePart(listed: ListedPart | undefined, { bytes, crc32 }: Part): boolean {
  if (listed?.size !== bytes.byteLength) return false;
  if (listed.crc32 !== undefined) return listed.crc32 === crc32 >>> 0;
  const md5 = md5OfEtag(listed.etag);
  return md5 !== undefined && createHash('md5').update(bytes).digest('hex') === md5;
}

/**
 * The ETag of an object made of parts: the MD5 of the MD5s of its parts, and their number (S3 User Guide, "Checking object
 * integrity"). Without quotes.
 *
 * @param etags of the parts
 * @returns undefined where one of them is no MD5
 */
export function etagOfParts(etags: readonly (string | undefined)[]): string | undefined {
  const md5s = etags.map(md5OfEtag);
  const whole = createHash('md5');
  for (const md5 of md5s) {
    if (md5 === undefined) return undefined;
    whole.update(md5, 'hex');
  }
  return `${whole.digest('hex')}-${md5s.length}`;
}

function md5OfEtag(etag: string | undefined): string | undefined {
  return etag && MD5_ETAG.exec(etag)?.[1];
}
