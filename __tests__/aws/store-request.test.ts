import { describe, expect, it } from '@jest/globals';
import { describeRequest, quote, sentence, storeName } from '../../src/aws/store-request.ts';

describe('describeRequest', () => {
  it('names operation, key and bucket', () => {
    expect(describeRequest({ operation: 'PutObject', bucket: 'b', key: 'k' })).toBe('PutObject of "k" in bucket "b"');
    expect(describeRequest({ operation: 'ListObjectsV2', bucket: 'b' })).toBe('ListObjectsV2 on bucket "b"');
  });
});

describe('quote', () => {
  it('keeps hostile text on its line', () => {
    expect(quote('a\r\n"b"')).toBe('"a\\r\\n\\"b\\""');
  });
});

describe('storeName', () => {
  it('is the host of an endpoint', () => {
    expect(storeName(undefined)).toBe('Amazon S3');
    expect(sentence(storeName(new URL('http://127.0.0.1:9000/x')))).toBe('The store at 127.0.0.1:9000');
  });
});
