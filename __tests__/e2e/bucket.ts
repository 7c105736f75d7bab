import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { zstdDecompressSync } from 'node:zlib';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3';

/** One line of an index, as a user with stock tools sees it. */
export interface IndexLine {
  readonly path: string;
  readonly type: string;
  readonly mode?: string;
  readonly mtime: string;
  readonly size?: number;
  readonly sha256?: string;
  readonly key?: string;
  readonly target?: string;
}

/** What a test looks at: a bucket through a plain client of its owner, with nothing of the project's own code. */
export class Bucket {
  readonly name: string;
  readonly client: S3Client;

  constructor(
    name: string,
    access: { endpoint: string; region: string; credentials: { accessKeyId: string; secretAccessKey: string } },
  ) {
    this.name = name;
    this.client = new S3Client({
      ...access,
      forcePathStyle: true,
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    });
  }

  /** Keys and sizes, in key order. */
  async objects(prefix = ''): Promise<{ key: string; size: number }[]> {
    const found: { key: string; size: number }[] = [];
    const input = { Bucket: this.name, Prefix: prefix, EncodingType: 'url' as const };
    for await (const page of paginateListObjectsV2({ client: this.client }, input)) {
      for (const { Key = '', Size = 0 } of page.Contents ?? []) {
        found.push({ key: decodeURIComponent(Key.replaceAll('+', ' ')), size: Size });
      }
    }
    return found;
  }

  async keys(prefix = ''): Promise<string[]> {
    return (await this.objects(prefix)).map(({ key }) => key);
  }

  async read(key: string): Promise<Buffer> {
    const { Body } = await this.client.send(new GetObjectCommand({ Bucket: this.name, Key: key }));
    if (!(Body instanceof Readable)) throw new Error(`${key} has no body`);
    return buffer(Body);
  }

  head(key: string): Promise<HeadObjectCommandOutput> {
    return this.client.send(new HeadObjectCommand({ Bucket: this.name, Key: key }));
  }

  async json(key: string): Promise<Record<string, unknown>> {
    return JSON.parse((await this.read(key)).toString());
  }

  /** The entries of a version, by its record's key. */
  async index(recordKey: string): Promise<IndexLine[]> {
    const record = await this.json(recordKey);
    const { key } = record.index as { key: string };
    const series = recordKey.slice(0, recordKey.indexOf('versions/'));
    const text = zstdDecompressSync(await this.read(`${series}${key}`)).toString();
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  }

  async tags(key: string): Promise<Record<string, string>> {
    const { TagSet = [] } = await this.client.send(new GetObjectTaggingCommand({ Bucket: this.name, Key: key }));
    return Object.fromEntries(TagSet.map(({ Key = '', Value = '' }) => [Key, Value]));
  }

  /** Keys of open multipart uploads. */
  async uploads(): Promise<string[]> {
    const { Uploads = [] } = await this.client.send(new ListMultipartUploadsCommand({ Bucket: this.name }));
    return Uploads.map(({ Key = '' }) => Key);
  }

  async versions(): Promise<{ key: string; isDeleteMarker: boolean }[]> {
    const page = await this.client.send(new ListObjectVersionsCommand({ Bucket: this.name }));
    return [
      ...(page.Versions ?? []).map(({ Key = '' }) => ({ key: Key, isDeleteMarker: false })),
      ...(page.DeleteMarkers ?? []).map(({ Key = '' }) => ({ key: Key, isDeleteMarker: true })),
    ];
  }

  async put(key: string, body: string | Uint8Array): Promise<void> {
    await this.client.send(new PutObjectCommand({ Bucket: this.name, Key: key, Body: body }));
  }

  async remove(key: string): Promise<void> {
    await this.client.send(new DeleteObjectCommand({ Bucket: this.name, Key: key }));
  }
}
