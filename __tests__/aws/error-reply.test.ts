import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { factsOf } from '../../src/aws/error-facts.ts';
import { ErrorReply } from '../../src/aws/error-reply.ts';
import { toBackupError } from '../../src/aws/errors.ts';

const XML =
  '<?xml version="1.0"?>\n<Error><Code>SignatureDoesNotMatch</Code><Message>a &lt;b&gt; &amp;amp; &quot;c&apos;</Message>' +
  '<RequestId>REQ1</RequestId></Error>';

describe('ErrorReply', () => {
  it('tells what the SDK would tell', () => {
    expect(factsOf(new ErrorReply(403, { 'x-amz-bucket-region': 'eu-west-1' }, XML))).toEqual({
      code: 'SignatureDoesNotMatch',
      message: 'a <b> &amp; "c\'',
      httpStatus: 403,
      requestId: 'REQ1',
      attempts: 1,
      bucketRegion: 'eu-west-1',
    });
  });

  it.each([
    ['nothing', ''],
    ['something that is no XML', '<html><title>502 Bad Gateway</title></html>'],
    ['the beginning of an error', '<Error><Code>Slow'],
  ])('knows the status alone where the body is %s', (_what, body) => {
    const reply = new ErrorReply(502, { 'x-amz-request-id': 'REQ2' }, body);
    expect(factsOf(reply)).toEqual({ message: '', httpStatus: 502, requestId: 'REQ2', attempts: 1 });
    expect(toBackupError(reply, { operation: 'PutObject', bucket: 'b' }).class).toBe('transient');
  });

  it('prints no header', () => {
    expect(inspect(new ErrorReply(403, { 'x-echo': 'session-token' }, XML), { depth: 9 })).not.toContain(
      'session-token',
    );
  });
});
