import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { Crc32c } from './crc32c.ts';
import { Crc64Nvme } from './crc64nvme.ts';

/** The checksum algorithms that the JavaScript SDK computes; S3 itself knows a few more. */
export const ALGORITHMS = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const;
export type Algorithm = (typeof ALGORITHMS)[number];
export type ChecksumType = 'FULL_OBJECT' | 'COMPOSITE';

/** What S3 computes for itself when a request announces no checksum. */
export const DEFAULT_ALGORITHM: Algorithm = 'CRC64NVME';

export interface RunningChecksum {
  update(bytes: Uint8Array): unknown;
  digest(): Buffer;
}

class Crc32 {
  private crc = 0;

  update(bytes: Uint8Array): void {
    this.crc = crc32(bytes, this.crc);
  }

  digest(): Buffer {
    const digest = Buffer.alloc(4);
    digest.writeUInt32BE(this.crc);
    return digest;
  }
}

const STARTERS: Readonly<Record<Algorithm, () => RunningChecksum>> = {
  CRC32: () => new Crc32(),
  CRC32C: () => new Crc32c(),
  CRC64NVME: () => new Crc64Nvme(),
  SHA1: () => createHash('sha1'),
  SHA256: () => createHash('sha256'),
};

export const startChecksum = (algorithm: Algorithm): RunningChecksum => STARTERS[algorithm]();

export const isAlgorithm = (text: string): text is Algorithm => (ALGORITHMS as readonly string[]).includes(text);

/** The algorithm a header names in any case, e.g. `x-amz-checksum-algorithm: crc32`. */
export function algorithmNamed(text: string | undefined): Algorithm | undefined {
  const name = text?.toUpperCase() ?? '';
  return isAlgorithm(name) ? name : undefined;
}

export const checksumHeader = (algorithm: Algorithm): string => `x-amz-checksum-${algorithm.toLowerCase()}`;
