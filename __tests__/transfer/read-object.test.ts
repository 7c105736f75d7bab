import { describe, expect, it } from '@jest/globals';
import { BackupError } from '../../src/errors.ts';
import { type ObjectReader, resuming } from '../../src/store/resume.ts';
import { Lanes } from '../../src/transfer/lanes.ts';
import { RANGE_BYTES, type ReadContext, readObject } from '../../src/transfer/read-object.ts';
import { asyncOf, failure, PORTS } from '../series/series-fixture.ts';
import { type BrokenReader, breaking, KEY, type Mishap, storeWith } from '../store/broken-reader.ts';
import { bytesFor, MIB, sha256Of } from './transfer-fixture.ts';

const signal = new AbortController().signal;

interface Reading {
  readonly bytes: Buffer;
  readonly reader: BrokenReader;
  readonly context: ReadContext;
  readonly found: Buffer;
  received: number;
}

async function reading(
  bytes: Buffer,
  mishaps: Readonly<Record<number, Mishap>> = {},
  concurrency = 4,
): Promise<Reading> {
  const reader = breaking(await storeWith(bytes), mishaps, MIB);
  const state = { bytes, reader, found: Buffer.alloc(bytes.byteLength), received: 0 };
  const context: ReadContext = {
    store: resuming(reader, { ...PORTS, signal }),
    lanes: new Lanes(concurrency, RANGE_BYTES),
    signal,
    onReceived: (count) => {
      state.received += count;
    },
  };
  return Object.assign(state, { context });
}

function read({ bytes, found, context }: Reading, sha256 = sha256Of(bytes), size = bytes.byteLength): Promise<void> {
  const sink = async (chunk: Uint8Array, position: number) => void found.set(chunk, position);
  return readObject({ key: KEY, size, sha256 }, sink, context);
}

describe('readObject', () => {
  it.each([
    ['nothing', 0, 1],
    ['one byte', 1, 1],
    ['a whole range', RANGE_BYTES, 1],
    ['one byte more than a range', RANGE_BYTES + 1, 2],
    ['two and a half ranges', 2.5 * RANGE_BYTES, 3],
  ])('reads an object of %s', async (_, size, requests) => {
    const state = await reading(bytesFor(size));
    await read(state);
    expect(state.found.equals(state.bytes)).toBe(true);
    expect(state.reader.asked).toHaveLength(requests);
    expect(state.received).toBe(size);
  });

  it('asks for all ranges of one and the same object', async () => {
    const state = await reading(bytesFor(2 * RANGE_BYTES + 5));
    await read(state);
    const ifMatch = expect.stringMatching(/^"/);
    expect(state.reader.asked).toEqual([
      { range: { start: 0, end: RANGE_BYTES }, ifMatch },
      { range: { start: RANGE_BYTES, end: 2 * RANGE_BYTES }, ifMatch },
      { range: { start: 2 * RANGE_BYTES, end: 2 * RANGE_BYTES + 5 }, ifMatch },
    ]);
  });

  it('frees what came in, but not where a neighbour that is still to come shares its memory', async () => {
    const bytes = bytesFor(3 * MIB);
    const state = await reading(bytes);
    const alone = Uint8Array.from(bytes.subarray(0, MIB));
    const shared = Uint8Array.from(bytes.subarray(MIB));
    const pieces = [alone, shared.subarray(0, MIB), shared.subarray(MIB)];
    const store = {
      ...state.context.store,
      get: async () => ({ size: bytes.byteLength, body: asyncOf(pieces) }),
    };
    await read({ ...state, context: { ...state.context, store } });
    expect(state.found.equals(bytes)).toBe(true);
    expect(pieces.map(({ byteLength }) => byteLength)).toEqual([0, MIB, MIB]);
  });

  it('goes on where a range broke off', async () => {
    const state = await reading(bytesFor(3 * RANGE_BYTES), {
      1: { afterBytes: 3 * MIB, class: 'transient' },
      2: { afterBytes: MIB },
    });
    await read(state);
    expect(state.found.equals(state.bytes)).toBe(true);
    expect(state.received).toBe(3 * RANGE_BYTES);
  });

  it('has no more ranges under way than there are lanes', async () => {
    const state = await reading(bytesFor(4 * RANGE_BYTES), {}, 2);
    let [now, most] = [0, 0];
    const inner = state.reader.get;
    const counting: ObjectReader = {
      ...state.reader,
      async get(key, options) {
        most = Math.max(most, ++now);
        const object = await inner(key, options);
        const ended = async function* () {
          yield* object.body;
          now -= 1;
        };
        return { ...object, body: ended() };
      },
    };
    await read({ ...state, context: { ...state.context, store: counting } });
    expect(state.found.equals(state.bytes)).toBe(true);
    expect(most).toBe(2);
  });

  describe('an object that is not what its entry says', () => {
    it.each([10, RANGE_BYTES + 10])('is fetched once more and then an error: %d bytes', async (size) => {
      const state = await reading(bytesFor(size));
      const requests = size > RANGE_BYTES ? 2 : 1;
      await expect(read(state, 'f'.repeat(64))).rejects.toEqual(
        failure('permanent', /is not what its entry says/, { code: 'DAMAGED', expected: `SHA-256 ${'f'.repeat(64)}` }),
      );
      expect(state.reader.asked).toHaveLength(2 * requests);
    });

    it.each([
      ['shorter', 10, 11],
      ['longer', 10, 9],
      ['shorter, with ranges', RANGE_BYTES + 1, RANGE_BYTES + 2],
      ['longer, with ranges', RANGE_BYTES + 3, RANGE_BYTES + 2],
    ])('is told by its size: %s', async (_, size, expected) => {
      const state = await reading(bytesFor(size));
      await expect(read(state, sha256Of(state.bytes), expected)).rejects.toEqual(
        failure('permanent', /is not what its entry says/, { expected: `${expected} bytes`, found: `${size} bytes` }),
      );
      expect(state.received).toBe(0);
    });

    it('is good after all if only what came the first time was wrong', async () => {
      const state = await reading(bytesFor(1000));
      let first = true;
      const wrongOnce: ObjectReader = {
        ...state.reader,
        async get(key, options) {
          const object = await state.reader.get(key, options);
          if (!first) return object;
          first = false;
          return { ...object, body: asyncOf([Buffer.alloc(1000)]) };
        },
      };
      await read({ ...state, context: { ...state.context, store: wrongOnce } });
      expect(state.found.equals(state.bytes)).toBe(true);
      expect(state.reader.asked).toHaveLength(2);
    });
  });

  it('stops at the first failure of the sink, after what is under way has ended', async () => {
    const state = await reading(bytesFor(6 * RANGE_BYTES));
    const full = new BackupError('The disk is full.', { class: 'local' });
    const sink = async (_: Uint8Array, position: number) => {
      if (position === RANGE_BYTES) throw full;
    };
    const outcome = readObject({ key: KEY, size: state.bytes.byteLength, sha256: 'x' }, sink, state.context);
    await expect(outcome).rejects.toBe(full);
    const asked = state.reader.asked.length;
    await new Promise(setImmediate);
    expect(state.reader.asked).toHaveLength(asked);
  });

  it('asks for nothing after a cancellation', async () => {
    const state = await reading(bytesFor(10));
    const reason = new BackupError('Cancelled.', { class: 'local' });
    const cancelled = { ...state, context: { ...state.context, signal: AbortSignal.abort(reason) } };
    await expect(read(cancelled)).rejects.toBe(reason);
    expect(state.reader.asked).toEqual([]);
  });
});
