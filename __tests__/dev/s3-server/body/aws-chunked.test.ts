import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeAwsChunked } from '../../../../dev/s3-server/body/aws-chunked.ts';

async function* cutAt(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function decode(source: AsyncIterable<Uint8Array>): Promise<{ body: Buffer; trailers: Map<string, string> }> {
  const trailers = new Map<string, string>();
  const pieces: Uint8Array[] = [];
  for await (const piece of decodeAwsChunked(source, trailers)) pieces.push(piece);
  return { body: Buffer.concat(pieces), trailers };
}

function frame(chunks: readonly Uint8Array[], trailer = ''): Buffer {
  const framed = chunks
    .filter((chunk) => chunk.length > 0)
    .map((chunk) => Buffer.concat([Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n')]));
  return Buffer.concat([...framed, Buffer.from(`0\r\n${trailer}\r\n`)]);
}

describe('decodeAwsChunked', () => {
  it('gives back the body however it is framed and however it comes in', async () => {
    const chunks = fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(chunks, fc.integer({ min: 1, max: 40 }), async (bodies, size) => {
        const { body } = await decode(cutAt(frame(bodies), size));
        expect(body.equals(Buffer.concat(bodies))).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('hands over the trailers, names in lower case', async () => {
    const { trailers } = await decode(cutAt(frame([Buffer.from('x')], 'X-Amz-Checksum-CRC32: AAAA==\r\n'), 7));
    expect([...trailers]).toEqual([['x-amz-checksum-crc32', 'AAAA==']]);
  });

  it('refuses a body that ends before its last chunk', async () => {
    await expect(decode(cutAt(frame([Buffer.from('hello')]).subarray(0, 6), 3))).rejects.toMatchObject({
      code: 'IncompleteBody',
    });
  });

  it('refuses a size that is no number', async () => {
    await expect(decode(cutAt(Buffer.from('zz\r\nhello\r\n'), 64))).rejects.toMatchObject({ code: 'InvalidRequest' });
  });
});
