import { DEFAULT_ALGORITHM, startChecksum } from '../checksums/algorithms.ts';
import type { ServerState } from '../state.ts';
import type { ObjectChecksum, ObjectVersion } from '../storage/objects.ts';

/** The checksum that S3 adds by itself; its value is left to be computed when somebody asks for it. */
export function defaultChecksum(server: ServerState): ObjectChecksum | undefined {
  if (server.personality.checksums !== true) return undefined;
  return { algorithm: DEFAULT_ALGORITHM, type: 'FULL_OBJECT', value: undefined };
}

/** An object's checksum with its value, computed once if it has none yet. */
export async function checksumOf(server: ServerState, object: ObjectVersion): Promise<ObjectChecksum | undefined> {
  if (object.checksum === undefined || object.checksum.value !== undefined) return object.checksum;
  const running = startChecksum(object.checksum.algorithm);
  for await (const bytes of server.bodies.read(object.bodies, 0, object.size - 1)) running.update(bytes);
  object.checksum = { ...object.checksum, value: running.digest().toString('base64') };
  return object.checksum;
}
