import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import type { TarMember } from '../../../src/pack/tar-format.ts';

const fixture = new URL('../../fixtures/nasty-names.json', import.meta.url);
export const nastyNames: readonly string[] = JSON.parse(readFileSync(fixture, 'utf8')).map(
  ({ name }: { name: string }) => name,
);

/** A name as a file system takes it, be it nasty, long or of any characters. */
const segment = fc.oneof(
  fc.constantFrom(...nastyNames.filter((name) => !name.includes('/'))),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }).map((text) => text.replace(/[/\0]/g, '_')),
);

export const anyPath = fc.array(segment, { minLength: 1, maxLength: 6 }).map((segments) => segments.join('/'));

/** From 1900 to 2300, and far beyond. */
export const anyMtime = fc.oneof(
  fc.bigInt({ min: -2_208_988_800_000_000_000n, max: 10_413_792_000_000_000_000n }),
  fc.integer({ min: 0, max: 2 ** 31 }).map((seconds) => BigInt(seconds) * 1_000_000_000n),
  fc.constantFrom(-1n, 0n, 1n, 8_589_934_591_000_000_000n, 8_589_934_592_000_000_000n),
);

const anyMode = fc.integer({ min: 0, max: 0o7777 });
const anySize = fc.oneof(fc.nat(), fc.constantFrom(0, 511, 512, 513, 2 ** 33 - 1, 2 ** 33, 2 ** 45));

export const anyMember: fc.Arbitrary<TarMember> = fc.oneof(
  fc.record({
    type: fc.constant('file' as const),
    path: anyPath,
    mode: anyMode,
    mtimeNs: anyMtime,
    size: anySize,
    target: fc.constant(''),
  }),
  fc.record({
    type: fc.constantFrom('symlink' as const, 'hard-link' as const),
    path: anyPath,
    mode: anyMode,
    mtimeNs: anyMtime,
    size: fc.constant(0),
    target: anyPath,
  }),
  fc.record({
    type: fc.constant('directory' as const),
    path: anyPath,
    mode: anyMode,
    mtimeNs: anyMtime,
    size: fc.constant(0),
    target: fc.constant(''),
  }),
);

export function file(path: string, size = 0): TarMember {
  return { type: 'file', path, mode: 0o644, mtimeNs: 1_700_000_000_123_456_789n, size, target: '' };
}
