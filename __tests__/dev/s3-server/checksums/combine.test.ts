import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Algorithm, startChecksum } from '../../../../dev/s3-server/checksums/algorithms.ts';
import { checksumTypes, combineChecksums } from '../../../../dev/s3-server/checksums/combine.ts';

const checksum = (algorithm: Algorithm, bytes: Uint8Array): string => {
  const running = startChecksum(algorithm);
  running.update(bytes);
  return running.digest().toString('base64');
};

const partsOf = (algorithm: Algorithm, chunks: readonly Uint8Array[]) =>
  chunks.map((chunk) => ({ value: checksum(algorithm, chunk), size: chunk.length }));

describe('combineChecksums', () => {
  it('makes the CRC of the whole from the CRCs of its parts', () => {
    const chunks = fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(fc.constantFrom('CRC32', 'CRC32C', 'CRC64NVME'), chunks, (algorithm, bytes) => {
        expect(combineChecksums(algorithm, 'FULL_OBJECT', partsOf(algorithm, bytes))).toBe(
          checksum(algorithm, Buffer.concat(bytes)),
        );
      }),
    );
  });

  it('makes a composite one of the digests, with the number of parts', () => {
    const chunks = [Buffer.from('one'), Buffer.from('two')];
    const digests = chunks.map((chunk) => createHash('sha256').update(chunk).digest());
    const expected = createHash('sha256').update(Buffer.concat(digests)).digest('base64');
    expect(combineChecksums('SHA256', 'COMPOSITE', partsOf('SHA256', chunks))).toBe(`${expected}-2`);
  });
});

describe('checksumTypes', () => {
  it.each([
    ['CRC32', ['COMPOSITE', 'FULL_OBJECT']],
    ['CRC32C', ['COMPOSITE', 'FULL_OBJECT']],
    ['CRC64NVME', ['FULL_OBJECT']],
    ['SHA1', ['COMPOSITE']],
    ['SHA256', ['COMPOSITE']],
  ] as const)('%s: %j, the default first', (algorithm, types) => {
    expect(checksumTypes(algorithm)).toEqual(types);
  });
});
