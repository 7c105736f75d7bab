import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Body, BodyStore } from '../../../../dev/s3-server/storage/bodies.ts';

const BIG = 300 * 1024;

let folder: string;
let store: BodyStore;

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'bodies-test-'));
  store = await BodyStore.open(folder);
});

afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

async function put(bytes: Uint8Array, expected = bytes.length): Promise<Body> {
  const sink = store.sink(expected);
  for (let at = 0; at < bytes.length; at += 65_536) await sink.write(bytes.subarray(at, at + 65_536));
  return sink.finish();
}

async function read(bodies: readonly Body[], first: number, last: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of store.read(bodies, first, last)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function files(): Promise<string[]> {
  const [own = ''] = await readdir(folder);
  return readdir(path.join(folder, own));
}

describe('BodyStore', () => {
  it('keeps small bodies in memory and others in files', async () => {
    expect((await put(Buffer.alloc(10))).content).toHaveProperty('bytes');
    expect((await put(Buffer.alloc(BIG))).content).toHaveProperty('file');
    expect((await put(Buffer.alloc(10), Number.NaN)).content).toHaveProperty('file');
    expect(await files()).toHaveLength(2);
  });

  it('reads any range over several bodies', async () => {
    const parts = [Buffer.from('hello '), Buffer.alloc(BIG, 'x'), Buffer.from(' world')];
    const whole = Buffer.concat(parts);
    const bodies = [];
    for (const part of parts) bodies.push(await put(part));
    for (const [first, last] of [
      [0, whole.length - 1],
      [3, 7],
      [BIG, whole.length - 3],
      [whole.length - 1, whole.length - 1],
    ] as const) {
      expect((await read(bodies, first, last)).equals(whole.subarray(first, last + 1))).toBe(true);
    }
  });

  it('removes a file when its last user is gone, a reader included', async () => {
    const body = await put(Buffer.alloc(BIG, 'x'));
    store.retain([body]);
    store.release([body]);
    const reading = store.read([body], 0, BIG - 1);
    const { value: first } = await reading.next();
    store.release([body]);
    expect(body.uses).toBe(1);
    let bytes = first?.length ?? 0;
    for await (const chunk of reading) bytes += chunk.length;
    expect(bytes).toBe(BIG);
    expect(body.uses).toBe(0);
  });

  it('leaves nothing behind of a body that is discarded', async () => {
    const sink = store.sink(BIG);
    await sink.write(Buffer.alloc(BIG));
    await sink.discard();
    expect(await files()).toEqual([]);
  });
});
