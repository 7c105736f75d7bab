import { PassThrough, Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { pipeProducer } from '../../src/producer/pipe.ts';
import { bytesOf, failure } from '../series/series-fixture.ts';

const running = new AbortController().signal;

describe('pipeProducer', () => {
  it('hands out what comes', async () => {
    const pipe = pipeProducer(Readable.from([Buffer.from('a'), Buffer.from('bc')]), running);
    expect((await bytesOf(pipe.bytes)).toString()).toBe('abc');
    await pipe.finish();
  });

  it('fails where reading fails', async () => {
    const stdin = new PassThrough();
    const read = bytesOf(pipeProducer(stdin, running).bytes);
    stdin.destroy(Object.assign(new Error('read EIO'), { code: 'EIO' }));
    await expect(read).rejects.toEqual(failure('local', /read EIO/, { code: 'EIO' }));
  });

  it('closes its end when it is cancelled, and says why', async () => {
    const stdin = new PassThrough();
    const cancel = new AbortController();
    const pipe = pipeProducer(stdin, cancel.signal);
    const read = bytesOf(pipe.bytes);
    stdin.write('begun');
    cancel.abort(new Error('cancelled'));
    await expect(read).rejects.toThrow('cancelled');
    await expect(pipe.finish()).rejects.toThrow('cancelled');
    expect(stdin.destroyed).toBe(true);
  });

  it('closes its end where nobody reads on', async () => {
    const stdin = new PassThrough();
    await pipeProducer(stdin, running).stop();
    expect(stdin.destroyed).toBe(true);
  });
});
