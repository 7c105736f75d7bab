import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FaultAction } from '../../../../dev/s3-server/faults/script.ts';
import { type S3Server, startS3Server } from '../../../../dev/s3-server/server.ts';
import { refusal, s3Client } from './support.ts';

const Bucket = 'b';
const BODY = Buffer.alloc(400_000, 'x'); // more than the server keeps in memory

let server: S3Server;
let s3: S3Client;

beforeEach(async () => {
  server = await startS3Server({ buckets: [Bucket] });
  s3 = s3Client(server);
});
afterEach(() => server.close());

const put = (Key: string, client = s3) => client.send(new PutObjectCommand({ Bucket, Key, Body: BODY }));
const keys = () => server.admin.listObjects(Bucket).map(({ key }) => key);

async function read(Key: string): Promise<number | undefined> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  return (await Body?.transformToByteArray())?.length;
}

describe('before the effect', () => {
  it('an error answers as often as scripted; the SDK’s retries get through', async () => {
    server.faults.add({
      match: { operation: 'PutObject' },
      times: 2,
      action: { type: 'error', status: 500, code: 'InternalError' },
    });
    await put('k', s3Client(server, { maxAttempts: 3 }));
    expect(server.requests.all.map(({ status }) => status)).toEqual([500, 500, 200]);
    expect(server.faults.report()).toEqual([{ name: 'error', fired: 2, remaining: 0 }]);
  });

  it('only the request that was meant fails', async () => {
    const action: FaultAction = { type: 'error', status: 409, code: 'ConditionalRequestConflict' };
    server.faults.add({ match: { operation: 'PutObject', request: 2 }, action });
    await put('one');
    await expect(put('two')).rejects.toMatchObject(refusal('ConditionalRequestConflict', 409));
    await put('three');
    expect(keys()).toEqual(['one', 'three']);
  });

  it('a connection breaks, at once or while the body comes in', async () => {
    server.faults.add({ match: { key: 'reset' }, action: { type: 'reset' } });
    server.faults.add({ match: { key: 'cut' }, action: { type: 'cutRequest', afterBytes: 100_000 } });
    await expect(put('reset')).rejects.toThrow(/ECONNRESET/);
    await expect(put('cut')).rejects.toThrow();
    expect(keys()).toEqual([]);
    await server.waitFor(({ key, outcome }) => key === 'cut' && outcome === 'cut');
  });

  it('silence is a request without an answer', async () => {
    server.faults.add({ match: { key: 'k' }, action: { type: 'silence' } });
    const abort = new AbortController();
    const waiting = s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' }), { abortSignal: abort.signal });
    await server.waitFor(({ key }) => key === 'k');
    abort.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    expect(keys()).toEqual([]);
  });

  it('a gate holds requests until it opens', async () => {
    const gate = server.faults.gate({ operation: 'PutObject', key: /^held/ });
    const held = Promise.all([put('held/1'), put('held/2')]);
    await gate.arrived(2);
    await put('free');
    expect(keys()).toEqual(['free']);
    gate.release();
    await held;
    expect(keys()).toEqual(['free', 'held/1', 'held/2']);
  });
});

describe('after the effect', () => {
  it('a refusal gets lost like any other answer', async () => {
    server.faults.add({ match: { key: 'none' }, when: 'after', action: { type: 'reset' } });
    await expect(read('none')).rejects.toThrow(/ECONNRESET/);
    await expect(read('none')).rejects.toMatchObject(refusal('NoSuchKey', 404));
  });

  it('the reply is lost and the object is there', async () => {
    server.faults.add({ when: 'after', action: { type: 'reset' } });
    await expect(put('k')).rejects.toThrow(/ECONNRESET/);
    expect(keys()).toEqual(['k']);
  });

  it('a completed upload answers 200 with an error in it', async () => {
    const Key = 'parts';
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key }));
    const target = { Bucket, Key, UploadId };
    const { ETag, ChecksumCRC32 } = await s3.send(new UploadPartCommand({ ...target, PartNumber: 1, Body: 'x' }));
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag, ChecksumCRC32 }] };
    server.faults.add({ when: 'after', action: { type: 'errorInBody', code: 'InternalError' } });
    await expect(s3.send(new CompleteMultipartUploadCommand({ ...target, MultipartUpload }))).rejects.toMatchObject({
      name: 'InternalError',
    });
    expect(keys()).toEqual([Key]);
  });

  it('single keys of a bulk delete fail and stay', async () => {
    for (const key of ['a', 'b']) await put(key);
    server.faults.add({ action: { type: 'keyErrors', keys: /^a/, code: 'SlowDown', message: 'later' } });
    const Objects = [{ Key: 'a' }, { Key: 'b' }];
    const { Deleted, Errors } = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    expect(Deleted?.map(({ Key }) => Key)).toEqual(['b']);
    expect(Errors).toMatchObject([{ Key: 'a', Code: 'SlowDown', Message: 'later' }]);
    expect(keys()).toEqual(['a']);
  });
});

describe('the body of an answer', () => {
  it.each<[FaultAction, RegExp]>([
    [{ type: 'cutAnswer', afterBytes: 1000 }, /aborted/],
    [{ type: 'truncate', afterBytes: 1000 }, /Checksum mismatch/],
    [{ type: 'corrupt', atByte: 300_000 }, /Checksum mismatch/],
    [{ type: 'wrongLength', byBytes: 10 }, /aborted/],
  ])('%j is noticed', async (action, message) => {
    await put('k');
    server.faults.add({ match: { operation: 'GetObject' }, action });
    await expect(read('k')).rejects.toThrow(message);
    expect(await read('k')).toBe(BODY.length);
  });
});

describe('STS', () => {
  it('takes scripts like S3', async () => {
    server.faults.add({
      name: 'denied',
      match: { operation: 'GetCallerIdentity' },
      action: { type: 'error', status: 403, code: 'AccessDenied' },
    });
    const body = new URLSearchParams({ Action: 'GetCallerIdentity', Version: '2011-06-15' });
    const answer = await fetch(server.url, { method: 'POST', body });
    expect(answer.status).toBe(403);
    expect(await answer.text()).toMatch(/<ErrorResponse .*<Code>AccessDenied<\/Code>/);
    expect(server.requests.all).toMatchObject([{ operation: 'GetCallerIdentity', faults: ['denied'] }]);
  });
});
