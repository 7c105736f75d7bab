import { basename } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import type { Admin } from '../../dev/s3-server/admin/admin.ts';
import { sha256Hex } from '../../dev/s3-server/sigv4/signature.ts';
import { parseRecord } from '../../src/series/record.ts';
import { KEYS } from '../series/series-fixture.ts';

/** By key. Two buckets of equal state hold the same versions, to the last byte of every file. */
export type BucketState = Readonly<Record<string, string>>;

/**
 * What a bucket holds: the ETag of an object; of an index its lines, as the compressor may cut them otherwise; of a
 * record what it says, but for the moment, and whether the index there is the one it means.
 *
 * @throws BackupError for a record that is damaged
 */
export async function stateOf(admin: Admin, bucket: string): Promise<BucketState> {
  const read = async (key: string) => (await admin.getObject(bucket, key)) ?? Buffer.alloc(0);
  const state: Record<string, string> = {};
  for (const { key, etag = '' } of admin.listObjects(bucket)) {
    if (key.endsWith('/index.ndjson.zst')) state[key] = zstdDecompressSync(await read(key)).toString();
    else state[key] = key.includes('/versions/') ? await recordState(key, read) : etag;
  }
  return state;
}

async function recordState(key: string, read: (key: string) => Promise<Buffer>): Promise<string> {
  const { index, committed: _moment, ...said } = parseRecord(await read(key), key, basename(key, '.json'));
  const { sha256, bytes: _bytes, ...reference } = index;
  const isTheOne = sha256Hex(await read(KEYS.absolute(index.key))) === sha256;
  return JSON.stringify({ ...said, index: { ...reference, isTheOne } });
}
