import { describe, expect, it } from '@jest/globals';
import { BackupError } from '../../src/errors.ts';
import { encodePin, type PinDocument, parsePin, readPin } from '../../src/series/pin.ts';
import { MemoryStore } from '../../src/store/memory.ts';
import { failure, ID, KEYS, RUN, TIME } from './series-fixture.ts';

const PIN: Omit<PinDocument, 'format'> = {
  id: ID,
  number: 42,
  reason: 'audit 2026\n"all"',
  run: RUN,
  time: '2026-11-22T08:09:10.123Z',
};
const KEY = KEYS.pin(42);

function storeWith(body?: string | Uint8Array): MemoryStore {
  const store = new MemoryStore({ clock: () => TIME });
  if (body !== undefined) void store.put(KEY, Buffer.from(body));
  return store;
}

describe('parsePin', () => {
  it('reads what encodePin wrote, as JSON that people can read', () => {
    const bytes = encodePin(PIN);
    expect(parsePin(bytes, KEY)).toEqual({ format: 1, ...PIN });
    expect(Buffer.from(bytes).toString()).toContain('\n  "reason": "audit 2026');
  });

  it.each([
    '',
    '{}',
    'not JSON',
    JSON.stringify({ format: 1, ...PIN, number: 0 }),
    JSON.stringify({ ...PIN, format: 2 }),
  ])('refuses %j', (text) => {
    expect(() => parsePin(Buffer.from(text), KEY)).toThrow(failure('permanent', /^The pin ".*" cannot be used: /));
  });
});

describe('readPin', () => {
  it('says what a pin says of itself', async () => {
    expect(await readPin(storeWith(encodePin(PIN)), KEYS, 42)).toEqual({ format: 1, ...PIN });
  });

  it.each([
    ['an empty one', ''],
    ['one set by hand', 'keep!'],
    ['one that is gone', undefined],
  ])('knows nothing of %s', async (_what, body) => {
    expect(await readPin(storeWith(body), KEYS, 42)).toBeUndefined();
  });

  it('does not take an answer of the store for a pin that says nothing', async () => {
    const denied = { get: async () => Promise.reject(deniedError()) };
    await expect(readPin(denied, KEYS, 42)).rejects.toThrow('denied');
  });
});

function deniedError() {
  return new BackupError('denied', { class: 'permanent', code: 'AccessDenied', httpStatus: 403 });
}
