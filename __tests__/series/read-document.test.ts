import { describe, expect, it } from '@jest/globals';
import { BackupError, DAMAGED } from '../../src/errors.ts';
import { MAX_DOCUMENT_BYTES } from '../../src/series/json.ts';
import { readDocument } from '../../src/series/read-document.ts';
import { objectKey } from '../../src/store/object-key.ts';
import { asyncOf, failure } from './series-fixture.ts';

const KEY = objectKey('dist/claims/000001.json');
const UNREADABLE = new BackupError('It is not JSON.', { class: 'permanent', code: DAMAGED });

/** Reads a document that comes like this, one time after another. */
async function read(...replies: readonly Buffer[]) {
  let reads = 0;
  const get = async () => ({ size: 1, body: asyncOf([replies[reads++] ?? Buffer.from('missing')]) });
  const parse = (bytes: Uint8Array, key: string) => {
    if (bytes.byteLength === 0) throw UNREADABLE;
    return `${key}: ${Buffer.from(bytes)}`;
  };
  const outcome = await readDocument({ get }, KEY, parse).catch((error: unknown) => error);
  return { outcome, reads };
}

describe('readDocument', () => {
  it('hands bytes and key to what makes sense of them', async () => {
    expect(await read(Buffer.from('x'))).toEqual({ outcome: `${KEY}: x`, reads: 1 });
  });

  it('reads what makes no sense once more, and no third time', async () => {
    const none = Buffer.alloc(0);
    expect(await read(none, Buffer.from('x'))).toEqual({ outcome: `${KEY}: x`, reads: 2 });
    expect(await read(none, none, Buffer.from('x'))).toEqual({ outcome: UNREADABLE, reads: 2 });
  });

  it('takes nothing that is larger than a document may be', async () => {
    const large = Buffer.alloc(MAX_DOCUMENT_BYTES + 1);
    expect(await read(large, large)).toEqual({ outcome: failure('permanent', /is larger than/), reads: 2 });
  });
});
