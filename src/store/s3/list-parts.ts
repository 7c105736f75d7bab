import { ListPartsCommand, type ListPartsCommandOutput, type Part } from '@aws-sdk/client-s3';
import { saying } from '../../aws/empty-reply.ts';
import { BackupError } from '../../errors.ts';
import type { ObjectKey } from '../object-key.ts';
import type { ListedPart, OpenUpload, PartChecksums } from '../object-store.ts';
import type { S3Connection } from './connection.ts';

/** What an open upload has, all pages of it. @throws BackupError of class `not-found` for one that has ended */
export async function listParts(connection: S3Connection, key: ObjectKey, uploadId: string): Promise<OpenUpload> {
  const parts = new Map<number, ListedPart>();
  for (let marker: string | undefined; ; ) {
    const input = { ...connection.target, Key: key, UploadId: uploadId, ...(marker && { PartNumberMarker: marker }) };
    const page = await connection.send({ operation: 'ListParts', key }, async (client, options) => {
      const reply = await client.send(new ListPartsCommand(input), options);
      return saying(reply, 'IsTruncated', 'Bucket', 'UploadId', 'MaxParts', 'Parts');
    });
    for (const part of page.Parts ?? []) parts.set(part.PartNumber ?? 0, listedPart(part));
    if (!page.IsTruncated) return { uploadId, parts, checksums: checksumsOf(page) };
    if (!page.NextPartNumberMarker || page.NextPartNumberMarker === marker) throw cutOff(key);
    marker = page.NextPartNumberMarker;
  }
}

function listedPart({ Size, ETag, ChecksumCRC32 }: Part): ListedPart {
  return {
    size: Size ?? -1,
    ...(ETag && { etag: ETag }),
    ...(ChecksumCRC32 && { crc32: Buffer.from(ChecksumCRC32, 'base64').readUInt32BE() }),
  };
}

/** As the upload was opened; stores that are not Amazon's may not say. */
function checksumsOf({ ChecksumAlgorithm, ChecksumType }: ListPartsCommandOutput): PartChecksums {
  if (ChecksumAlgorithm !== 'CRC32') return 'none';
  return ChecksumType === 'FULL_OBJECT' ? 'full-object' : 'parts';
}

function cutOff(key: ObjectKey): BackupError {
  return new BackupError('The store cut a listing of parts off without saying where it goes on.', {
    class: 'permanent',
    operation: 'ListParts',
    key,
  });
}
