import { describe, expect, it } from '@jest/globals';
import { endpointSchema, isInsecure } from '../../src/inputs/endpoint.ts';

describe('endpointSchema', () => {
  it.each([
    ['https://s3.example.com', 'https://s3.example.com'],
    ['https://S3.Example.com:443/', 'https://s3.example.com'],
    ['http://127.0.0.1:9000', 'http://127.0.0.1:9000'],
    ['https://example.com/s3//', 'https://example.com/s3'],
  ])('takes %s as %s', (value, expected) => expect(endpointSchema.parse(value)).toBe(expected));

  it.each([
    '',
    'example.com',
    '//example.com',
    'file:///tmp',
    'https://',
    'https://a@b.example',
    'https://:p@b.example',
  ])('refuses %j', (value) => expect(endpointSchema.safeParse(value).success).toBe(false));
});

describe('isInsecure', () => {
  it.each([
    ['http://s3.example.com', true],
    ['http://localhost.example.com', true],
    ['http://10.0.0.7:9000', true],
    ['https://s3.example.com', false],
    ['http://localhost:9000', false],
    ['http://s3.localhost:9000', false],
    ['http://127.0.0.1:9000', false],
    ['http://[::1]:9000', false],
  ])('of %s is %s', (endpoint, expected) => expect(isInsecure(endpoint)).toBe(expected));
});
