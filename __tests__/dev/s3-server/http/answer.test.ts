import { describe, expect, it } from '@jest/globals';
import { noSuchKey, S3Error } from '../../../../dev/s3-server/errors.ts';
import { errorAnswer } from '../../../../dev/s3-server/http/answer.ts';

describe('errorAnswer', () => {
  it('is S3’s document, with what else is known', () => {
    expect(errorAnswer(noSuchKey('a&b'), 's3', 'GET', 'ID')).toEqual({
      status: 404,
      headers: { 'content-type': 'application/xml' },
      body: '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message><Key>a&amp;b</Key><RequestId>ID</RequestId><HostId>s3-server</HostId></Error>',
    });
  });

  it('is STS’s document there', () => {
    const { body } = errorAnswer(new S3Error(403, 'AccessDenied', 'no'), 'sts', 'POST', 'ID');
    expect(body).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message></Error><RequestId>ID</RequestId></ErrorResponse>',
    );
  });

  it('has no body for HEAD and 304', () => {
    expect(errorAnswer(noSuchKey('k'), 's3', 'HEAD', 'ID')).toEqual({ status: 404, headers: {} });
    const notModified = new S3Error(304, 'NotModified', '', { headers: { etag: '"x"' } });
    expect(errorAnswer(notModified, 's3', 'GET', 'ID')).toEqual({ status: 304, headers: { etag: '"x"' } });
  });
});
