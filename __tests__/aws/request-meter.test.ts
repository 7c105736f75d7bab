import { describe, expect, it } from '@jest/globals';
import { billingClass, RequestMeter } from '../../src/aws/request-meter.ts';

describe('billingClass', () => {
  it.each([
    ['PUT', {}, 'writes'],
    ['PUT', { partNumber: '1', uploadId: 'x' }, 'writes'],
    ['POST', { uploads: '' }, 'writes'],
    ['POST', { uploadId: 'x' }, 'writes'],
    ['POST', { delete: '' }, 'free'],
    ['GET', {}, 'reads'],
    ['GET', { versioning: '' }, 'reads'],
    ['GET', { versionId: 'x' }, 'reads'],
    ['GET', { 'list-type': '2' }, 'writes'],
    ['GET', { versions: '' }, 'writes'],
    ['GET', { uploads: '' }, 'writes'],
    ['HEAD', {}, 'reads'],
    ['DELETE', {}, 'free'],
    ['DELETE', { uploadId: 'x' }, 'free'],
  ])('%s %j: %s', (method, query, expected) => {
    expect(billingClass({ method, query })).toBe(expected);
  });
});

describe('RequestMeter', () => {
  it('counts by class, and gives counts that do not change any more', () => {
    const meter = new RequestMeter();
    meter.count({ method: 'PUT', query: {} });
    const before = meter.counts();
    meter.count({ method: 'PUT', query: {} });
    meter.count({ method: 'HEAD', query: {} });
    expect(before).toEqual({ writes: 1, reads: 0, free: 0 });
    expect(meter.counts()).toEqual({ writes: 2, reads: 1, free: 0 });
  });
});
