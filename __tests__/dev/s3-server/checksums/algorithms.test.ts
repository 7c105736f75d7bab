import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  ALGORITHMS,
  type Algorithm,
  algorithmNamed,
  checksumHeader,
  startChecksum,
} from '../../../../dev/s3-server/checksums/algorithms.ts';

const digestOf = (algorithm: Algorithm, ...chunks: readonly Uint8Array[]): string => {
  const checksum = startChecksum(algorithm);
  for (const chunk of chunks) checksum.update(chunk);
  return checksum.digest().toString('hex');
};

describe('startChecksum', () => {
  // the check values that the CRC catalogue and FIPS 180 publish for these nine digits
  it.each([
    ['CRC32', 'cbf43926'],
    ['CRC32C', 'e3069283'],
    ['CRC64NVME', 'ae8b14860a799888'],
    ['SHA1', 'f7c3bc1d808e04732adf679965ccc34ca7ae3441'],
    ['SHA256', '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225'],
  ] as const)('%s of 123456789', (algorithm, expected) => {
    expect(digestOf(algorithm, Buffer.from('123456789'))).toBe(expected);
  });

  it('does not depend on how the bytes come', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ALGORITHMS), fc.array(fc.uint8Array({ maxLength: 40 })), (algorithm, chunks) => {
        expect(digestOf(algorithm, ...chunks)).toBe(digestOf(algorithm, Buffer.concat(chunks)));
      }),
    );
  });
});

describe('names', () => {
  it('finds an algorithm in any case', () => {
    expect(algorithmNamed('crc32c')).toBe('CRC32C');
    expect(algorithmNamed('md4')).toBeUndefined();
    expect(algorithmNamed(undefined)).toBeUndefined();
  });

  it('spells the header in lower case', () => {
    expect(checksumHeader('CRC64NVME')).toBe('x-amz-checksum-crc64nvme');
  });
});
