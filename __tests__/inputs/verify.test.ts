import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseVerifyInputs } from '../../src/inputs/verify.ts';
import { actionYamlOf, context, type Inputs, minimalInputsOf, sourceOf } from '../github/support.ts';

const MINIMAL = minimalInputsOf(actionYamlOf('verify'));
const parse = (inputs: Inputs) => parseVerifyInputs(sourceOf({ ...MINIMAL, ...inputs }), context);
const HOUR_MS = 3_600_000;

describe('parseVerifyInputs', () => {
  it('looks for every object of the latest version by default', () => {
    expect(parse({})).toEqual({
      version: 'latest',
      level: 'objects',
      store: { bucket: 'acme-backups', prefix: 'backups', series: 'demo', forcePathStyle: false },
      credentials: expect.objectContaining({ sessionPolicy: 'auto' }),
      notes: [],
      concurrency: 32,
      maxMemory: 256e6,
      retryForMs: 300_000,
    });
  });

  it.each<[Inputs, object]>([
    [{ version: 'all' }, { version: 'all' }],
    [{ version: 'run:7' }, { version: 'run:7' }],
    [
      { level: 'restore', concurrency: '4' },
      { level: 'restore', concurrency: 4 },
    ],
    [{ level: 'data', 'data-subset': '3/30' }, { subset: { kind: 'part', part: 3, parts: 30 } }],
    [{ level: 'data', 'data-subset': '1/1' }, { subset: { kind: 'part', part: 1, parts: 1 } }],
    [{ level: 'data', 'data-subset': '4711/30' }, { subset: { kind: 'part', part: 1, parts: 30 } }],
    [{ level: 'data', 'data-subset': '5%' }, { subset: { kind: 'sample', share: 0.05 } }],
    [{ level: 'data', 'data-subset': '0.5%@0123abcd' }, { subset: { kind: 'sample', share: 0.005, seed: '0123abcd' } }],
    [{ level: 'data', 'data-subset': '100%' }, { subset: { kind: 'sample', share: 1 } }],
    [{ 'max-age': '26h' }, { maxAge: { ms: 26 * HOUR_MS, text: '26h' } }],
    [{ 'max-age': '2w' }, { maxAge: { ms: 14 * 24 * HOUR_MS, text: '2w' } }],
  ])('takes %j as %j', (inputs, expected) => {
    expect(parse(inputs)).toMatchObject(expected);
  });

  it('counts shares around, so that numbered runs take turns', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), fc.integer({ min: 1, max: 100 }), (start, parts) => {
        const turns = Array.from({ length: parts }, (_, index) => {
          const { subset } = parse({ level: 'data', 'data-subset': `${start + index}/${parts}` });
          return subset?.kind === 'part' ? subset.part : undefined;
        });
        const all = Array.from({ length: parts }, (_, index) => index + 1);
        expect(turns.toSorted((a, b) => (a ?? 0) - (b ?? 0))).toEqual(all);
      }),
    );
  });

  it.each<[Inputs, RegExp]>([
    [{ version: '' }, /^The input `version` is empty, but it must be `all`, `latest`, a number/],
    [{ version: 'yesterday' }, /^The input `version` is "yesterday", but it must be `all`, `latest`/],
    [
      { level: 'deep' },
      /^The input `level` is "deep", but it must be one of `objects`, `checksums`, `data` and `restore`/,
    ],
    [{ 'data-subset': '5%' }, /^The input `data-subset` is "5%", but it only goes with `level: data`: /],
    [{ level: 'data', 'data-subset': '0/3' }, /^The input `data-subset` is "0\/3", but it must be a share/],
    [{ level: 'data', 'data-subset': '1/0' }, /^The input `data-subset` is "1\/0", but /],
    [{ level: 'data', 'data-subset': '1/10001' }, /^The input `data-subset` is "1\/10001", but /],
    [{ level: 'data', 'data-subset': '0%' }, /^The input `data-subset` is "0%", but /],
    [{ level: 'data', 'data-subset': '101%' }, /^The input `data-subset` is "101%", but /],
    [{ level: 'data', 'data-subset': '5%@xyz' }, /^The input `data-subset` is "5%@xyz", but /],
    [{ level: 'data', 'data-subset': '5' }, /^The input `data-subset` is "5", but /],
    [{ 'max-age': '26' }, /^The input `max-age` is "26", but it must be a number of hours, days or weeks/],
    [{ 'max-age': '0h' }, /^The input `max-age` is "0h", but /],
    [{ 'max-age': '3651d' }, /^The input `max-age` is "3651d", but /],
    [{ concurrency: '0' }, /^The input `concurrency` is "0", but /],
    [{ bucket: '' }, /^The input `bucket` is empty, but /],
  ])('refuses %j', (inputs, message) => {
    expect(() => parse(inputs)).toThrow(
      expect.objectContaining({ name: 'InputError', message: expect.stringMatching(message) }),
    );
  });
});
