import { BackupError, DAMAGED } from '../errors.ts';
import type { ObjectKey } from './object-key.ts';
import type { ObjectStore } from './object-store.ts';

/**
 * Reads an object that has to be small; what a bucket holds is not trusted to be.
 * @throws BackupError with code {@link DAMAGED} if it is larger than `maxBytes`; `not-found`
 */
export async function readSmall(
  store: Pick<ObjectStore, 'get'>,
  key: ObjectKey,
  maxBytes: number,
): Promise<Uint8Array> {
  const { body } = await store.get(key);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > maxBytes) {
      throw new BackupError(`The object ${JSON.stringify(key)} is larger than the ${maxBytes} bytes it may have.`, {
        class: 'permanent',
        operation: 'GetObject',
        key,
        code: DAMAGED,
        expected: `at most ${maxBytes} bytes`,
      });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
