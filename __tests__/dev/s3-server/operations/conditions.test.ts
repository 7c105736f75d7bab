import { describe, expect, it } from '@jest/globals';
import {
  checkDeleteCondition,
  checkReadConditions,
  checkWriteConditions,
} from '../../../../dev/s3-server/operations/conditions.ts';
import { NO_LOCK, type ObjectVersion } from '../../../../dev/s3-server/storage/objects.ts';

const OBJECT: ObjectVersion = {
  kind: 'object',
  versionId: 'null',
  modified: new Date('2026-01-01T12:00:00.900Z'),
  size: 1,
  etag: '"abc"',
  bodies: [],
  parts: undefined,
  properties: {
    headers: {},
    tags: [],
    storageClass: 'STANDARD',
    lock: NO_LOCK,
    encryption: { algorithm: 'AES256', kmsKeyId: undefined, customerKeyMd5: undefined },
  },
  checksum: undefined,
  tags: [],
  lock: NO_LOCK,
};
const SAME_SECOND = 'Thu, 01 Jan 2026 12:00:00 GMT';
const BEFORE = 'Thu, 01 Jan 2026 11:59:59 GMT';

/** The status with which something refuses; undefined when it does not. */
function statusOf(check: () => void): unknown {
  try {
    check();
    return undefined;
  } catch (error) {
    return error instanceof Error && 'status' in error ? error.status : error;
  }
}

describe('checkWriteConditions', () => {
  it.each([
    [{}, OBJECT, undefined],
    [{ 'if-none-match': '*' }, undefined, undefined],
    [{ 'if-none-match': '*' }, OBJECT, 412],
    [{ 'if-none-match': '"abc"' }, OBJECT, 501],
    [{ 'if-match': '"abc"' }, OBJECT, undefined],
    [{ 'if-match': 'abc' }, OBJECT, undefined],
    [{ 'if-match': '*' }, OBJECT, undefined],
    [{ 'if-match': '"other"' }, OBJECT, 412],
    [{ 'if-match': '"abc"' }, undefined, 404],
  ])('%j %#: %s', (headers, current, status) => {
    expect(statusOf(() => checkWriteConditions(headers, current, 'k'))).toBe(status);
  });
});

describe('checkDeleteCondition', () => {
  it('minds only an object that is there with another ETag', () => {
    expect(statusOf(() => checkDeleteCondition('"other"', OBJECT))).toBe(412);
    for (const etag of [undefined, '*', '"abc"'])
      expect(statusOf(() => checkDeleteCondition(etag, OBJECT))).toBeUndefined();
    expect(statusOf(() => checkDeleteCondition('"other"', undefined))).toBeUndefined();
  });
});

describe('checkReadConditions', () => {
  it.each([
    [{ 'if-match': '"abc"' }, undefined],
    [{ 'if-match': '"x", "abc"' }, undefined],
    [{ 'if-match': '"x"' }, 412],
    [{ 'if-none-match': '"abc"' }, 304],
    [{ 'if-none-match': 'W/"abc"' }, 304],
    [{ 'if-none-match': '"x"' }, undefined],
    [{ 'if-modified-since': SAME_SECOND }, 304],
    [{ 'if-modified-since': BEFORE }, undefined],
    [{ 'if-unmodified-since': SAME_SECOND }, undefined],
    [{ 'if-unmodified-since': BEFORE }, 412],
    [{ 'if-match': '"abc"', 'if-unmodified-since': BEFORE }, undefined],
    [{ 'if-none-match': '"x"', 'if-modified-since': SAME_SECOND }, undefined],
  ])('%j: %s', (headers, status) => {
    expect(statusOf(() => checkReadConditions(headers, OBJECT))).toBe(status);
  });
});
