import { invalidRequest } from '../errors.ts';
import type { HeaderMap } from '../http/headers.ts';
import { ALGORITHMS, type Algorithm, checksumHeader } from './algorithms.ts';

/** The checksum a request promises: in a header, or (value undefined) in the trailer behind an aws-chunked body. */
export interface AnnouncedChecksum {
  readonly algorithm: Algorithm;
  readonly value: string | undefined;
}

/**
 * The one checksum that a request announces.
 * @throws {S3Error} InvalidRequest when it announces more than one.
 */
export function announcedChecksum(headers: HeaderMap): AnnouncedChecksum | undefined {
  const trailer = headers['x-amz-trailer']?.trim().toLowerCase();
  const announced = ALGORITHMS.flatMap((algorithm): AnnouncedChecksum[] => {
    const value = headers[checksumHeader(algorithm)];
    return value !== undefined || trailer === checksumHeader(algorithm) ? [{ algorithm, value }] : [];
  });
  if (announced.length > 1) {
    throw invalidRequest('Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.');
  }
  return announced[0];
}
