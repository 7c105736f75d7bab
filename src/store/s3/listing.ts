import { isDeepStrictEqual } from 'node:util';
import {
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
} from '@aws-sdk/client-s3';
import { saying } from '../../aws/empty-reply.ts';
import { BackupError } from '../../errors.ts';
import type { ListedObject, ListedUpload, ListedVersion } from '../object-store.ts';
import type { S3Connection } from './connection.ts';

/** Asked for because XML 1.0 cannot hold every character a key may have (S3 API, ListObjectsV2, `encoding-type`). */
const ENCODING = { EncodingType: 'url' } as const;

interface Page<Item, Position> {
  readonly items: readonly Item[];
  readonly truncated: boolean | undefined;
  /** Where the next page starts. */
  readonly next: Position | undefined;
}

export function listObjects(connection: S3Connection, prefix: string): AsyncGenerator<ListedObject> {
  return currentPages(connection, { Prefix: prefix }, (page) =>
    (page.Contents ?? []).map(({ Key, Size, LastModified, ETag }) => ({
      key: decoded(page, Key),
      size: Size ?? 0,
      lastModified: LastModified ?? new Date(0),
      ...(ETag && { etag: ETag }),
    })),
  );
}

export function listPrefixes(connection: S3Connection, prefix: string): AsyncGenerator<string> {
  return currentPages(connection, { Prefix: prefix, Delimiter: '/' }, (page) =>
    (page.CommonPrefixes ?? []).map(({ Prefix }) => decoded(page, Prefix)),
  );
}

/** What is there now: all pages of ListObjectsV2, of which `itemsOf` takes its part. */
function currentPages<Item>(
  connection: S3Connection,
  wanted: { readonly Prefix: string; readonly Delimiter?: string },
  itemsOf: (page: ListObjectsV2CommandOutput) => Item[],
): AsyncGenerator<Item> {
  const subject = { operation: 'ListObjectsV2', key: wanted.Prefix };
  return allPages<Item, { ContinuationToken: string }>(wanted.Prefix, async (position) => {
    const input = { ...connection.target, ...ENCODING, ...position, ...wanted };
    const page = await connection.send(subject, async (client, options) => {
      const reply = await client.send(new ListObjectsV2Command(input), options);
      return saying(reply, 'IsTruncated', 'Name', 'KeyCount', 'MaxKeys', 'Contents', 'CommonPrefixes');
    });
    const token = page.NextContinuationToken;
    const next = token ? { ContinuationToken: token } : undefined;
    return { items: itemsOf(page), truncated: page.IsTruncated, next };
  });
}

export function listObjectVersions(connection: S3Connection, prefix: string): AsyncGenerator<ListedVersion> {
  return versionPages(connection, { Prefix: prefix }, (page) => {
    const marked = (page.DeleteMarkers ?? []).map((marker) => ({ ...marker, isDeleteMarker: true, Size: 0 }));
    const stored = (page.Versions ?? []).map((version) => ({ ...version, isDeleteMarker: false }));
    return [...stored, ...marked].map(({ Key, VersionId, IsLatest, Size, LastModified, isDeleteMarker }) => ({
      key: decoded(page, Key),
      versionId: VersionId ?? 'null',
      isLatest: IsLatest ?? false,
      isDeleteMarker,
      size: Size ?? 0,
      lastModified: LastModified ?? new Date(0),
    }));
  });
}

export function listVersionPrefixes(connection: S3Connection, prefix: string): AsyncGenerator<string> {
  return versionPages(connection, { Prefix: prefix, Delimiter: '/' }, (page) =>
    (page.CommonPrefixes ?? []).map(({ Prefix }) => decoded(page, Prefix)),
  );
}

/** What there is and was: all pages of ListObjectVersions, of which `itemsOf` takes its part. */
function versionPages<Item>(
  connection: S3Connection,
  wanted: { readonly Prefix: string; readonly Delimiter?: string },
  itemsOf: (page: ListObjectVersionsCommandOutput) => Item[],
): AsyncGenerator<Item> {
  const subject = { operation: 'ListObjectVersions', key: wanted.Prefix };
  return allPages<Item, { KeyMarker: string; VersionIdMarker?: string }>(wanted.Prefix, async (position) => {
    const input = { ...connection.target, ...ENCODING, ...position, ...wanted };
    const page = await connection.send(subject, async (client, options) => {
      const reply = await client.send(new ListObjectVersionsCommand(input), options);
      return saying(reply, 'IsTruncated', 'Name', 'MaxKeys', 'Versions', 'DeleteMarkers', 'CommonPrefixes');
    });
    const { NextVersionIdMarker } = page;
    // Behind a folder there is no version to go on from, and an empty marker is refused (Amazon: InvalidArgument).
    const next = {
      KeyMarker: decoded(page, page.NextKeyMarker),
      ...(NextVersionIdMarker && { VersionIdMarker: NextVersionIdMarker }),
    };
    return { items: itemsOf(page), truncated: page.IsTruncated, next };
  });
}

export function listUploads(connection: S3Connection, prefix: string): AsyncGenerator<ListedUpload> {
  const subject = { operation: 'ListMultipartUploads', key: prefix };
  return allPages<ListedUpload, { KeyMarker: string; UploadIdMarker: string }>(prefix, async (position) => {
    const input = { ...connection.target, ...ENCODING, ...position, Prefix: prefix };
    const page = await connection.send(subject, async (client, options) => {
      const reply = await client.send(new ListMultipartUploadsCommand(input), options);
      return saying(reply, 'IsTruncated', 'Bucket', 'MaxUploads', 'Uploads');
    });
    const items = (page.Uploads ?? []).map(({ Key, UploadId, Initiated }) => ({
      key: decoded(page, Key),
      uploadId: UploadId ?? '',
      initiated: Initiated ?? new Date(0),
    }));
    const next = { KeyMarker: decoded(page, page.NextKeyMarker), UploadIdMarker: page.NextUploadIdMarker ?? '' };
    return { items, truncated: page.IsTruncated, next };
  });
}

/**
 * @throws BackupError of class `permanent` for a truncated listing that does not go on: stopping there in silence would
 * make objects look absent
 */
async function* allPages<Item, Position>(
  prefix: string,
  fetch: (position: Position | undefined) => Promise<Page<Item, Position>>,
): AsyncGenerator<Item> {
  let position: Position | undefined;
  for (;;) {
    const page = await fetch(position);
    yield* page.items;
    if (!page.truncated) return;
    if (page.next === undefined || isDeepStrictEqual(page.next, position)) {
      throw new BackupError('The store cut a listing off without saying where it goes on.', {
        class: 'permanent',
        operation: 'list',
        key: prefix,
      });
    }
    position = page.next;
  }
}

/** Stores that do not know `encoding-type` leave it out of the answer and the keys as they are. */
function decoded(page: { EncodingType?: string | undefined }, key: string | undefined): string {
  if (key === undefined) return '';
  return page.EncodingType === 'url' ? decodeURIComponent(key.replaceAll('+', ' ')) : key;
}
