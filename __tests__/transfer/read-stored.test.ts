import { describe, expect, it } from '@jest/globals';
import { readStored, type StoredContent } from '../../src/transfer/read-stored.ts';
import { frames } from '../pack/pack-fixture.ts';
import { failure } from '../series/series-fixture.ts';
import { KEY, readingOf } from './read-context.ts';
import { bytesFor, MIB, sha256Of } from './transfer-fixture.ts';

const content = bytesFor(2.5 * MIB);
const bytes = frames(content);
const said: StoredContent = {
  key: KEY,
  path: 'a',
  bytes: bytes.byteLength,
  storedSha256: sha256Of(bytes),
  size: content.byteLength,
  sha256: sha256Of(content),
};

async function read(fields: Partial<StoredContent> = {}, object = bytes) {
  const reading = await readingOf(object);
  const found = Buffer.alloc(4 * MIB);
  let end = 0;
  const sink = async (chunk: Uint8Array, position: number) => {
    found.set(chunk, position);
    end = Math.max(end, position + chunk.byteLength);
  };
  const outcome = await readStored({ ...said, ...fields }, sink, reading.context).then(
    () => undefined,
    (error: unknown) => error,
  );
  return { outcome, found: found.subarray(0, end), operations: reading.store.operations };
}

describe('readStored', () => {
  it('gives what the object decodes to, each byte at its place', async () => {
    const { outcome, found, operations } = await read();
    expect(outcome).toBeUndefined();
    expect(found.equals(content)).toBe(true);
    expect(operations).toEqual(['get']);
  });

  it('hands on no more than the entry says, whatever there is', async () => {
    const { outcome, found } = await read({ size: MIB });
    expect(outcome).toEqual(failure('permanent', /decodes to more than 1048576 bytes/));
    expect(found).toHaveLength(MIB);
  });

  it.each<[string, Partial<StoredContent>, RegExp]>([
    ['shorter', { size: content.byteLength + 1 }, /decodes to 2621440 bytes instead of 2621441/],
    ['another', { sha256: '0'.repeat(64) }, /decodes to SHA-256 [0-9a-f]{64} instead of 0000/],
    ['stored otherwise', { storedSha256: '0'.repeat(64) }, /it has SHA-256 [0-9a-f]{64} instead of 0000/],
  ])('says that it is %s', async (_, fields, message) => {
    const { outcome, operations } = await read(fields);
    expect(outcome).toEqual(failure('permanent', message, { code: 'DAMAGED' }));
    // A second look, because it may have been damaged on its way.
    expect(operations).toEqual(['get', 'get']);
  });

  it('does not ask for a digest of the stored form that nobody knows', async () => {
    const { storedSha256: _, ...rest } = said;
    const reading = await readingOf(bytes);
    await readStored(rest, async () => {}, reading.context);
    expect(reading.received).toBe(bytes.byteLength);
  });
});
