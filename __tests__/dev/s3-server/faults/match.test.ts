import { describe, expect, it } from '@jest/globals';
import { matchesRequest } from '../../../../dev/s3-server/faults/match.ts';

const facts = {
  operation: 'UploadPart',
  method: 'PUT',
  bucket: 'b',
  key: 'data/file.bin',
  headers: { 'if-none-match': '*' },
  query: new URLSearchParams('partNumber=3&uploadId=u'),
};

describe('matchesRequest', () => {
  it.each([
    [{}, true],
    [{ operation: 'UploadPart' }, true],
    [{ operation: ['PutObject', 'UploadPart'] }, true],
    [{ operation: 'PutObject' }, false],
    [{ method: 'PUT', bucket: 'b' }, true],
    [{ method: 'GET' }, false],
    [{ key: 'data/file.bin' }, true],
    [{ key: 'data/' }, false],
    [{ key: /^data\// }, true],
    [{ headers: { 'If-None-Match': '*' } }, true],
    [{ headers: { 'if-match': /./ } }, false],
    [{ query: { partNumber: '3' } }, true],
    [{ query: { partNumber: /[45]/ } }, false],
    [{ operation: 'UploadPart', key: /^other/ }, false],
  ])('%j: %s', (matcher, expected) => {
    expect(matchesRequest(matcher, facts)).toBe(expected);
  });

  it('is not led astray by an expression that remembers where it was', () => {
    const key = /data/g;
    expect([matchesRequest({ key }, facts), matchesRequest({ key }, facts)]).toEqual([true, true]);
  });
});
