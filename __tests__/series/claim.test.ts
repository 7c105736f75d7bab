import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Claim, encodeClaim, parseClaim } from '../../src/series/claim.ts';
import { failure, ID, KEYS, RUN } from './series-fixture.ts';

const CLAIM: Claim = { format: 1, id: ID, number: 42, nonce: 'ab'.repeat(16), run: RUN, leansOn: [] };
const key = KEYS.claim({ number: 42 });

const parse = (document: object) => parseClaim(Buffer.from(JSON.stringify(document)), key);

describe('a claim', () => {
  it('comes back as it was written', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.integer({ min: 1 }),
        fc.array(fc.string()),
        (workflow, number, leansOn) => {
          const { format, ...claim } = { ...CLAIM, number, leansOn, run: { ...RUN, workflow } };
          expect(parseClaim(encodeClaim(claim), key)).toEqual({ format, ...claim });
        },
      ),
    );
  });

  it('may have fields this code does not know', () => {
    expect(parse({ ...CLAIM, expires: 1, run: { ...RUN, matrix: '{}' } })).toEqual(CLAIM);
  });

  it('is refused in a newer format', () => {
    const message = `The claim "${key}" cannot be used: it has format 7 and this version of the tool reads up to 1; use a newer one.`;
    expect(() => parse({ format: 7 })).toThrow(failure('permanent', message, { operation: 'read claim' }));
  });

  it.each([
    ['number', 0],
    ['number', -1],
    ['number', 1.5],
    ['number', '42'],
    ['id', undefined],
    ['nonce', undefined],
    ['run', undefined],
    ['run', { ...RUN, actor: null }],
    ['leansOn', undefined],
    ['leansOn', ID],
    ['leansOn', [1]],
  ])('is refused with %s = %j', (field, value) => {
    expect(() => parse({ ...CLAIM, [field]: value })).toThrow(failure('permanent', new RegExp(`used: ${field}`)));
  });

  it.each([
    ['no JSON', Buffer.from('claimed')],
    ['no UTF-8', Buffer.from(JSON.stringify(CLAIM).replace('octocat', '\xfc'), 'latin1')],
  ])('is refused as %s', (_what, bytes) => {
    expect(() => parseClaim(bytes, key)).toThrow(failure('permanent', /it is not JSON/, { key }));
  });
});
