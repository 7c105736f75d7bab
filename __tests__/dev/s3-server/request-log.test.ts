import { describe, expect, it } from '@jest/globals';
import { RequestLog, type RequestRecord } from '../../../dev/s3-server/request-log.ts';

const request = (operation: string, key = ''): Omit<RequestRecord, 'number'> => ({
  method: 'PUT',
  operation,
  bucket: 'b',
  key,
  query: '',
  headers: {},
  principal: undefined,
  status: undefined,
  errorCode: undefined,
  bytesReceived: 0,
  bytesSent: 0,
  faults: [],
  outcome: 'open',
});

describe('RequestLog', () => {
  it('counts by operation, and on across clear()', () => {
    const log = new RequestLog();
    log.arrived(request('PutObject'));
    log.arrived(request('PutObject'));
    log.arrived(request('GetObject'));
    expect(log.counts()).toEqual({ PutObject: 2, GetObject: 1 });
    log.clear();
    expect(log.all).toEqual([]);
    expect(log.arrived(request('PutObject')).number).toBe(4);
  });

  it('finds a request that has come already', async () => {
    const log = new RequestLog();
    const record = log.arrived(request('PutObject', 'k'));
    expect(await log.waitFor(({ key }) => key === 'k')).toBe(record);
  });

  it('waits for the next one that fits, at its arrival or its answer', async () => {
    const log = new RequestLog();
    const arrival = log.waitFor(({ key }) => key === 'k');
    const answer = log.waitFor(({ key, status }) => key === 'k' && status === 200);
    log.arrived(request('PutObject', 'other'));
    const record = log.arrived(request('PutObject', 'k'));
    expect(await arrival).toBe(record);
    record.status = 200;
    log.changed(record);
    expect(await answer).toBe(record);
  });
});
