import { describe, expect, it } from '@jest/globals';
import type { HeaderMap } from '../../../../dev/s3-server/http/headers.ts';
import type { S3Operation } from '../../../../dev/s3-server/http/routes.ts';
import { rootPrincipal } from '../../../../dev/s3-server/policy/principal.ts';
import { requestContext } from '../../../../dev/s3-server/policy/request-context.ts';

const ACCOUNT = '123456789012';

async function* nothing(): AsyncGenerator<Uint8Array> {}

function context(operation: S3Operation, query: string, headers: HeaderMap) {
  const request = {
    method: 'PUT',
    path: '/b/k',
    query: new URLSearchParams(query),
    headers,
    bucket: 'b',
    key: 'k',
    body: nothing,
  };
  const options = { now: new Date('2026-01-01T00:00:00Z'), account: ACCOUNT, existing: undefined };
  return Object.fromEntries(requestContext(operation, request, rootPrincipal(ACCOUNT), options));
}

describe('requestContext', () => {
  it('takes keys from headers, query and tags', () => {
    const headers = {
      'if-none-match': '*',
      'x-amz-storage-class': 'STANDARD_IA',
      'x-amz-tagging': 'Retention=30d&b=',
      'x-amz-object-lock-retain-until-date': '2026-01-11T00:00:00Z',
    };
    expect(context('PutObject', '', headers)).toMatchObject({
      's3:if-none-match': ['*'],
      's3:x-amz-storage-class': ['STANDARD_IA'],
      's3:requestobjecttag/retention': ['30d'],
      's3:requestobjecttag/b': [''],
      's3:requestobjecttagkeys': ['Retention', 'b'],
      's3:object-lock-remaining-retention-days': ['10'],
      's3:objectcreationoperation': ['true'],
      'aws:securetransport': ['true'],
      'aws:principalaccount': [ACCOUNT],
    });
    expect(context('ListObjectsV2', 'prefix=a/&max-keys=5', {})).toMatchObject({
      's3:prefix': ['a/'],
      's3:max-keys': ['5'],
    });
  });

  it('leaves out what the request does not say', () => {
    const known = context('ListObjectsV2', '', {});
    for (const key of ['s3:prefix', 's3:if-none-match', 's3:requestobjecttagkeys', 's3:objectcreationoperation']) {
      expect(known).not.toHaveProperty([key]);
    }
  });
});
