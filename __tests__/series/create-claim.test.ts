import { describe, expect, it } from '@jest/globals';
import { BackupError } from '../../src/errors.ts';
import { createClaim, isUnsupported } from '../../src/series/create-claim.ts';
import { MemoryStore } from '../../src/store/memory.ts';
import { ID, KEYS, PORTS, RUN, TIME } from './series-fixture.ts';

const key = KEYS.claim({ number: 42 });
const claimWith = (nonce: string) => ({
  key,
  claim: { format: 1 as const, id: ID, number: 42, nonce, run: RUN, leansOn: [] },
  attributes: {},
});
const storeWith = (conditionalWrites: 'enforced' | 'ignored') =>
  new MemoryStore({ clock: () => TIME, conditionalWrites });

describe('createClaim', () => {
  it('is owned by who was first', async () => {
    const store = storeWith('enforced');
    const create = (nonce: string) => createClaim(store, { ...claimWith(nonce), conditionalWritesKnown: true }, PORTS);
    expect(await create('a')).toMatchObject({ owned: { etag: expect.any(String) } });
    expect(await create('b')).toBe('taken');
    // As after a reply that was lost.
    expect(await create('a')).toEqual({ owned: {} });
  });

  it('tries out whether the store heeds conditions where that is not known', async () => {
    const unknown = { ...claimWith('a'), conditionalWritesKnown: false };
    expect(await createClaim(storeWith('enforced'), unknown, PORTS)).toHaveProperty('owned');
    expect(await createClaim(storeWith('ignored'), unknown, PORTS)).toBe('unsupported');
  });
});

it('isUnsupported by what the refusal is called', () => {
  const refusal = (code: string) => new BackupError('no', { class: 'permanent', code });
  expect(isUnsupported(refusal('NotImplemented'))).toBe(true);
  expect(isUnsupported(refusal('AccessDenied'))).toBe(false);
});
