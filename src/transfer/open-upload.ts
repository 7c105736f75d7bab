import type { ObjectKey } from '../store/object-key.ts';
import type { PartUpload, UploadPlan } from '../store/object-store.ts';
import type { UploadContext } from './upload-file.ts';

/** An upload, and the key of the object it will be. */
export interface PlacedUpload {
  readonly upload: PartUpload;
  readonly key: ObjectKey;
}

/** Opens an upload, or goes on with the one an earlier attempt has left: then the object comes to be under its key. */
export async function openUpload(
  key: ObjectKey,
  plan: UploadPlan,
  { store, earlier }: Pick<UploadContext, 'store' | 'earlier'>,
): Promise<PlacedUpload> {
  const left = await earlier?.takeUpload(key);
  if (earlier === undefined || left === undefined) return { upload: await store.openUpload(key, plan), key };
  const onKept = (bytes: number) => {
    earlier.keptBytes += bytes;
  };
  const { key: at, ...open } = left;
  return { upload: await store.openUpload(at, { ...plan, resumed: { ...open, onKept } }), key: at };
}
