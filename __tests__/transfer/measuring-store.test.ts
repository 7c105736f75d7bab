import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { receiptOf } from '../../src/series/receipt.ts';
import { measuring } from '../../src/transfer/measuring-store.ts';
import { ID, KEYS } from '../series/series-fixture.ts';
import { bytesFor, contextFor, PART, RecordingStore } from './transfer-fixture.ts';

const BYTES = Buffer.from('content');
const KEY = KEYS.file(ID, 'a');

describe('measuring', () => {
  it('sends nothing, and gives the ETag that S3 would', async () => {
    const store = new RecordingStore();
    const context = contextFor(store);
    const silent = measuring(context);
    expect(receiptOf(await silent.store.put(KEY, BYTES))).toEqual({ md5: hash('md5', BYTES) });
    const upload = await silent.store.openUpload(KEY, { partSize: PART });
    const parts = [bytesFor(PART), BYTES];
    for (const [index, bytes] of parts.entries()) {
      await upload.putPart({ number: index + 1, bytes, crc32: crc32(bytes) });
    }
    const whole = hash('md5', Buffer.from(parts.map((bytes) => hash('md5', bytes)).join(''), 'hex'));
    expect(await upload.complete({ size: 0, crc32: 0 })).toEqual({ etag: `"${whole}-2"` });
    silent.onSent(5, 5);
    expect([store.events, context.sent]).toEqual([[], []]);
  });
});
