import { CreateMultipartUploadCommand, DeleteObjectsCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { describe, expect, it } from '@jest/globals';
import { EmptyReply, saying } from '../../src/aws/empty-reply.ts';
import { toBackupError } from '../../src/aws/errors.ts';
import { failure } from '../series/series-fixture.ts';
import { testClient } from './support/clients.ts';
import { serve } from './support/http-server.ts';

const Bucket = 'acme';
const XMLNS = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';

/** A client of a server that answers everything so. */
async function clientOf(body: string) {
  return testClient((await serve(() => ({ status: 200, body }))).url, { maxAttempts: 1 });
}

describe('saying', () => {
  const listed = async (body: string) => (await clientOf(body)).send(new ListObjectsV2Command({ Bucket }));

  it.each(['', '<ListBucketResult/>', `<?xml version="1.0"?>\n<ListBucketResult ${XMLNS}></ListBucketResult>`])(
    'takes no page for one that is: %j',
    async (body) => {
      const page = await listed(body);
      expect(() => saying(page, 'IsTruncated', 'Name', 'KeyCount')).toThrow(EmptyReply);
    },
  );

  it.each(['<IsTruncated>false</IsTruncated>', '<Name>acme</Name><Prefix></Prefix>', '<KeyCount>0</KeyCount>'])(
    'takes an empty page for one that says %s',
    async (field) => {
      const page = await listed(`<ListBucketResult ${XMLNS}>${field}</ListBucketResult>`);
      expect(saying(page, 'IsTruncated', 'Name', 'KeyCount')).toBe(page);
    },
  );

  it('takes no empty name of an upload for one', async () => {
    const client = await clientOf(
      '<InitiateMultipartUploadResult><UploadId></UploadId></InitiateMultipartUploadResult>',
    );
    const reply = await client.send(new CreateMultipartUploadCommand({ Bucket, Key: 'k' }));
    expect(() => saying(reply, 'UploadId')).toThrow(EmptyReply);
  });

  it('says what was asked, and that it may be asked again', () => {
    expect(toBackupError(new EmptyReply(), { operation: 'ListObjectsV2', key: 'p/', bucket: Bucket })).toEqual(
      failure('transient', /ListObjectsV2.*says nothing\.$/, {
        operation: 'ListObjectsV2',
        key: 'p/',
        code: 'EmptyReply',
        httpStatus: 200,
        hint: expect.stringContaining('proxy'),
      }),
    );
  });
});

describe('rejectEmptyDeletes', () => {
  const deleted = async (body: string) =>
    (await clientOf(body)).send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'k' }], Quiet: true } }));

  it.each(['', '\n', '<?xml version="1.0"?>', '<html><body>Sign in</body></html>'])(
    'takes nothing for deleted: %j',
    async (body) => {
      await expect(deleted(body)).rejects.toThrow(EmptyReply);
    },
  );

  it.each([
    '<DeleteResult/>',
    `<?xml version="1.0" encoding="UTF-8"?>\n<DeleteResult ${XMLNS}></DeleteResult>`,
    `<DeleteResult ${XMLNS} />`,
  ])('takes all for deleted where the store says so: %s', async (body) => {
    expect((await deleted(body)).Errors).toBeUndefined();
  });

  it('leaves errors to those who read them', async () => {
    const error = '<Error><Key>k</Key><Code>AccessDenied</Code><Message>no</Message></Error>';
    expect((await deleted(`<DeleteResult>${error}</DeleteResult>`)).Errors).toMatchObject([{ Code: 'AccessDenied' }]);
    await expect(deleted('<Error><Code>SlowDown</Code></Error>')).rejects.toMatchObject({ name: 'SlowDown' });
  });
});
