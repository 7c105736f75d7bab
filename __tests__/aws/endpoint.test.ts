import { describe, expect, it } from '@jest/globals';
import { isAmazon, parseEndpoint, regionOfHost } from '../../src/aws/endpoint.ts';
import { InputError } from '../../src/errors.ts';

describe('parseEndpoint', () => {
  it('takes http and https', () => {
    expect(parseEndpoint('endpoint', 'http://127.0.0.1:9000').port).toBe('9000');
    expect(parseEndpoint('endpoint', 'https://s3.example.com/base').pathname).toBe('/base');
  });

  it.each(['', 's3.example.com', 'ftp://s3.example.com', 's3://bucket'])('refuses %j', (value) => {
    const parse = () => parseEndpoint('sts-endpoint', value);
    expect(parse).toThrow(InputError);
    expect(parse).toThrow(`sts-endpoint is ${JSON.stringify(value)}`);
  });

  it('refuses credentials without showing them', () => {
    const parse = () => parseEndpoint('endpoint', 'https://key:hunter2@s3.example.com');
    expect(parse).toThrow('without credentials');
    expect(parse).not.toThrow('hunter2');
  });
});

describe('isAmazon', () => {
  it.each([
    [undefined, true],
    ['https://s3.eu-west-1.amazonaws.com', true],
    ['https://s3.cn-north-1.amazonaws.com.cn', true],
    ['https://bucket.vpce-1a2b-3c.s3.us-east-1.vpce.amazonaws.com', true],
    ['https://s3.amazonaws.com.evil.example', false],
    ['https://notamazonaws.com', false],
    ['http://127.0.0.1:9000', false],
  ])('%s: %s', (endpoint, expected) => {
    expect(isAmazon(endpoint === undefined ? undefined : new URL(endpoint))).toBe(expected);
  });
});

describe('regionOfHost', () => {
  it.each([
    ['s3.eu-west-1.amazonaws.com', 'eu-west-1'],
    ['s3.us-gov-west-1.amazonaws.com', 'us-gov-west-1'],
    ['s3.dualstack.eu-west-1.amazonaws.com', 'eu-west-1'],
    ['s3-fips.us-east-2.amazonaws.com', 'us-east-2'],
    ['bucket.vpce-1a2b-3c.s3.us-east-1.vpce.amazonaws.com', 'us-east-1'],
    ['s3.amazonaws.com', undefined],
    ['s3.us-west-004.backblazeb2.com', 'us-west-004'],
    ['s3.eu-central-2.wasabisys.com', 'eu-central-2'],
    ['s3.fr-par.scw.cloud', 'fr-par'],
    ['fra1.digitaloceanspaces.com', 'fra1'],
    ['abc.r2.cloudflarestorage.com', undefined],
    ['minio.example.com', undefined],
  ])('%s: %s', (host, region) => {
    expect(regionOfHost(host)).toBe(region);
  });
});
