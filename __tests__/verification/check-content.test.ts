import { hash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { BackupError } from '../../src/errors.ts';
import { MemoryStore } from '../../src/store/memory.ts';
import { objectKey } from '../../src/store/object-key.ts';
import type { ObjectInfo } from '../../src/store/object-store.ts';
import { Lanes } from '../../src/transfer/lanes.ts';
import { RANGE_BYTES } from '../../src/transfer/read-object.ts';
import { type Content, compareChecksum, readContent } from '../../src/verification/check-content.ts';
import { bytesFor, MIB, sha256Of } from '../transfer/transfer-fixture.ts';

const key = objectKey('k');
const other = '1'.repeat(64);

async function stored(body: Buffer, withChecksum = true): Promise<{ store: MemoryStore; content: Content }> {
  const store = new MemoryStore({ clock: () => new Date(0) });
  const sha256 = sha256Of(body);
  await store.put(key, body, withChecksum ? { sha256 } : {});
  return { store, content: { key, size: body.length, sha256 } };
}

function contextOf(store: MemoryStore) {
  let received = 0;
  const context = {
    store,
    signal: new AbortController().signal,
    lanes: new Lanes(4, RANGE_BYTES),
    onReceived: (bytes: number) => {
      received += bytes;
    },
  };
  return { context, received: () => received };
}

const md5Of = (body: Buffer) => hash('md5', body);

describe('compareChecksum', () => {
  const body = Buffer.from('bytes');
  const crc32 = '0000002a';
  const inParts = { etag: '"1-2"' };
  const receipt = { etag: '1-2', crc32 };
  const content: Content = { key, size: body.length, sha256: sha256Of(body) };
  const facts = { size: body.length, lastModified: new Date(0) };
  const compare = (fields: Partial<Content>, found: Partial<ObjectInfo>) =>
    compareChecksum({ ...content, ...fields }, { head: async () => ({ ...facts, ...found }) });

  it.each<[string, Partial<Content>, Partial<ObjectInfo>, unknown]>([
    [
      'takes the word of a SHA-256 over all else',
      { receipt: { md5: 'a' } },
      { md5: 'b', sha256: content.sha256 },
      'intact',
    ],
    ['compares the CRC-32 of a copy in other parts', { receipt }, { etag: '"1-3"', crc32 }, 'intact'],
    [
      'sees another CRC-32',
      { receipt },
      { ...inParts, crc32: '00000000' },
      { kind: 'checksum', problem: `the store's CRC-32 of it is 00000000 instead of ${crc32}` },
    ],
    ['takes the ETag that was given for a sign of the same object', { receipt }, inParts, 'intact'],
    [
      'sees another MD5',
      { receipt: { md5: 'a' } },
      { etag: '"b"', md5: 'b' },
      { kind: 'checksum', problem: "the store's MD5 of it is b instead of a" },
    ],
    ['does not know where a copy came in parts', { receipt: { md5: 'a' } }, inParts, 'unknown'],
    ['does not know where what was in parts no longer is', { receipt }, { etag: '"b"', md5: 'b' }, 'unknown'],
    ['does not know where nothing was recorded', {}, { etag: '"b"', md5: 'b', crc32 }, 'unknown'],
  ])('%s', async (_, fields, found, verdict) => {
    expect(await compare(fields, found)).toEqual(verdict);
  });

  it('compares the MD5 with the bytes where the store keeps no other checksum', async () => {
    const { store } = await stored(body, false);
    expect(await compareChecksum({ ...content, receipt: { md5: md5Of(body) } }, store)).toBe('intact');
  });

  it('compares what the store keeps', async () => {
    const { store, content } = await stored(Buffer.from('bytes'));
    expect(await compareChecksum(content, store)).toBe('intact');
    expect(await compareChecksum({ ...content, sha256: other }, store)).toEqual({
      kind: 'checksum',
      problem: `the store's SHA-256 of it is ${content.sha256} instead of ${other}`,
    });
  });

  it('does not know where the store keeps none', async () => {
    const { store, content } = await stored(Buffer.from('bytes'), false);
    expect(await compareChecksum(content, store)).toBe('unknown');
  });

  it('sees what has changed or gone since the listing', async () => {
    const { store, content } = await stored(Buffer.from('bytes'));
    expect(await compareChecksum({ ...content, size: 6 }, store)).toEqual({
      kind: 'size',
      problem: 'it has 5 bytes instead of 6',
    });
    await store.delete([{ key }]);
    expect(await compareChecksum(content, store)).toEqual({ kind: 'missing', problem: 'it is not there' });
  });

  it('throws what says nothing of the object', async () => {
    const { content } = await stored(Buffer.from('bytes'));
    const error = new BackupError('Denied.', { class: 'permanent', httpStatus: 403 });
    const head = () => Promise.reject(error);
    await expect(compareChecksum(content, { head })).rejects.toBe(error);
  });
});

describe('readContent', () => {
  it.each([0, 5, 20 * MIB + 1])('reads all of %i bytes, once', async (size) => {
    const { store, content } = await stored(bytesFor(size));
    const { context, received } = contextOf(store);
    expect(await readContent(content, context)).toBe('intact');
    expect(received()).toBe(size);
  });

  it.each([5, 20 * MIB + 1])('sees one other byte among %i', async (size) => {
    const body = bytesFor(size);
    const { store, content } = await stored(body);
    body[size - 1] = (body[size - 1] ?? 0) ^ 1;
    await store.put(key, body);
    expect(await readContent(content, contextOf(store).context)).toEqual({
      kind: 'content',
      problem: `it has SHA-256 ${sha256Of(body)} instead of SHA-256 ${content.sha256}`,
    });
  });
});
