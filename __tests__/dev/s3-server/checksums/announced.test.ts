import { describe, expect, it } from '@jest/globals';
import { announcedChecksum } from '../../../../dev/s3-server/checksums/announced.ts';

describe('announcedChecksum', () => {
  it('reads a header', () => {
    expect(announcedChecksum({ 'x-amz-checksum-crc32': 'AAAA' })).toEqual({ algorithm: 'CRC32', value: 'AAAA' });
  });

  it('knows that a trailer will follow', () => {
    expect(announcedChecksum({ 'x-amz-trailer': 'X-Amz-Checksum-SHA256' })).toEqual({
      algorithm: 'SHA256',
      value: undefined,
    });
  });

  it('is undefined when nothing is announced', () => {
    expect(announcedChecksum({ 'x-amz-checksum-mode': 'ENABLED' })).toBeUndefined();
  });

  it('refuses two', () => {
    expect(() => announcedChecksum({ 'x-amz-checksum-crc32': 'A', 'x-amz-checksum-sha1': 'B' })).toThrow(
      expect.objectContaining({ code: 'InvalidRequest' }),
    );
  });
});
