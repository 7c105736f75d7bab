import { describe, expect, it } from '@jest/globals';
import { bypassesProxy, createAgents, proxyFor } from '../../src/aws/proxy.ts';
import { InputError } from '../../src/errors.ts';

const S3 = new URL('https://bucket.s3.eu-west-1.amazonaws.com');
const MINIO = new URL('http://minio.corp.example:9000');

describe('proxyFor', () => {
  it('has a proxy for each scheme, and none stands in for the other', () => {
    expect(proxyFor(S3, { httpsProxy: 'http://proxy:3128' })?.href).toBe('http://proxy:3128/');
    expect(proxyFor(MINIO, { httpProxy: 'http://proxy:3128' })?.href).toBe('http://proxy:3128/');
    expect(proxyFor(MINIO, { httpsProxy: 'http://proxy:3128' })).toBeUndefined();
    expect(proxyFor(S3, { httpProxy: 'http://proxy:3128' })).toBeUndefined();
  });

  it('takes a host without a scheme as http', () => {
    expect(proxyFor(S3, { httpsProxy: 'proxy.corp:3128' })?.href).toBe('http://proxy.corp:3128/');
  });

  it('is none for an empty value', () => {
    expect(proxyFor(S3, { httpsProxy: '' })).toBeUndefined();
  });

  it('does not show a password in the error for a bad value', () => {
    const parse = () => proxyFor(S3, { httpsProxy: 'http://user:hunter2@:bad:' });
    expect(parse).toThrow(InputError);
    expect(parse).toThrow('https_proxy');
    expect(parse).not.toThrow('hunter2');
  });
});

describe('bypassesProxy', () => {
  it.each([
    ['amazonaws.com', true],
    ['.amazonaws.com', true],
    ['AMAZONAWS.COM', true],
    ['bucket.s3.eu-west-1.amazonaws.com', true],
    ['other.com, amazonaws.com', true],
    ['amazonaws.com:443', true],
    ['amazonaws.com:8443', false],
    ['aws.com', false],
    ['*', true],
    ['*.amazonaws.com', false],
    ['', false],
    [',', false],
  ])('no_proxy=%s: %s', (noProxy, expected) => {
    expect(bypassesProxy(S3, noProxy)).toBe(expected);
  });

  it.each(['http://localhost:9000', 'http://127.0.0.1:9000', 'http://127.9.9.9', 'https://[::1]:9000'])(
    'reaches %s directly, always',
    (url) => {
      expect(bypassesProxy(new URL(url))).toBe(true);
    },
  );

  it('takes the default port of http for http', () => {
    expect(bypassesProxy(new URL('http://s3.example.com'), 's3.example.com:80')).toBe(true);
    expect(bypassesProxy(new URL('http://s3.example.com'), 's3.example.com:443')).toBe(false);
  });
});

describe('createAgents', () => {
  it.each([
    ['directly', {}],
    ['by a proxy', { httpsProxy: 'http://proxy:3128' }],
  ])('keeps connections open, as many as allowed, %s', (_how, settings) => {
    const { httpsAgent } = createAgents(S3, settings, 40);
    expect(httpsAgent).toMatchObject({ keepAlive: true, maxSockets: 40 });
  });
});
