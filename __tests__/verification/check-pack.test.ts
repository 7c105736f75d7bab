import { describe, expect, it } from '@jest/globals';
import { readPack } from '../../src/verification/check-pack.ts';
import { type PackedEntry, packedEntries, packedReferenceOf } from '../../src/verification/packed-references.ts';
import { frame, PackFixture, sha256 } from '../pack/pack-fixture.ts';
import { asyncOf } from '../series/series-fixture.ts';
import { KEY, readingOf } from '../transfer/read-context.ts';

/** Two frames with two members each. */
const fixture = () =>
  new PackFixture('k').add('a', 'first').add('b', 'second').close().add('c', 'third').add('d', '').close();

/** The entries of a pack as its version has them, in the order of their places. */
function entriesOf({ entries }: PackFixture): Promise<PackedEntry[]> {
  const references = entries.map((entry) =>
    packedReferenceOf(entry, entry.slice ?? { offset: 0, bytes: 0, skip: 0 }, 'v1', true),
  );
  return Array.fromAsync(packedEntries(asyncOf(references.sort((a, b) => (a.key < b.key ? -1 : 1)))));
}

interface Given {
  readonly bytes?: Buffer;
  readonly entries?: readonly PackedEntry[];
  readonly digest?: string;
}

async function check(pack: PackFixture, { bytes = pack.bytes(), entries, digest = sha256(bytes) }: Given = {}) {
  const { context, store } = await readingOf(bytes);
  const all = entries ?? (await entriesOf(pack));
  const verdict = await readPack({ key: KEY, size: bytes.byteLength, sha256: digest }, () => asyncOf(all), context);
  return { verdict, operations: store.operations };
}

describe('readPack', () => {
  it('reads an intact pack once', async () => {
    expect(await check(fixture())).toEqual({ verdict: 'intact', operations: ['get'] });
  });

  it('takes several entries of one member, and members of which no entry is verified', async () => {
    const [a, b] = await entriesOf(fixture());
    if (a === undefined || b === undefined) throw new Error('There are four.');
    expect(await check(fixture(), { entries: [a, { ...a, path: 'copy' }, b] })).toMatchObject({ verdict: 'intact' });
    expect(await check(fixture(), { entries: [] })).toMatchObject({ verdict: 'intact' });
  });

  it('finds every flipped byte, also where the digest is that of the damaged pack', async () => {
    const pack = fixture();
    const intact = pack.bytes();
    for (const index of intact.keys()) {
      const bytes = Buffer.from(intact);
      bytes.writeUInt8(bytes.readUInt8(index) ^ (1 << (index % 8)), index);
      const { verdict, operations } = await check(pack, { bytes });
      expect([index, verdict]).toEqual([index, { kind: 'content', problem: expect.any(String) }]);
      // It may have been damaged on its way.
      expect(operations).toEqual(['get', 'get']);
    }
  });

  it('compares the digest of the whole', async () => {
    const { verdict } = await check(fixture(), { digest: '0'.repeat(64) });
    expect(verdict).toMatchObject({ problem: expect.stringMatching(/it has SHA-256 [0-9a-f]{64} instead of 0000/) });
  });

  it.each<[string, (entry: PackedEntry) => Partial<PackedEntry>, RegExp]>([
    [
      'in another frame',
      ({ part }) => ({ part: { ...part, offset: part.offset + 1 } }),
      /"b" at byte 1 is that of no member/,
    ],
    ['longer', ({ part }) => ({ part: { ...part, bytes: part.bytes + 1 } }), /is that of no member/],
    [
      'elsewhere in its frame',
      ({ claim }) => ({ claim: { ...claim, skip: claim.skip - 512 } }),
      /is that of no member/,
    ],
    [
      'another content',
      ({ claim }) => ({ claim: { ...claim, sha256: '0'.repeat(64) } }),
      /a member has SHA-256 .* instead of 0000/,
    ],
    ['another name', ({ claim }) => ({ claim: { ...claim, name: 'x' } }), /its name is "x"/],
  ])('finds an entry that is said to be %s', async (_, change, problem) => {
    const entries = (await entriesOf(fixture())).map((entry) =>
      entry.path === 'b' ? { ...entry, ...change(entry) } : entry,
    );
    const { verdict } = await check(fixture(), { entries });
    expect(verdict).toEqual({ kind: 'content', problem: expect.stringMatching(problem) });
  });

  it('finds an entry beyond the last member', async () => {
    const entries = await entriesOf(fixture());
    const beyond = entries.map((entry) => ({ ...entry, part: { ...entry.part, offset: entry.part.offset + 10_000 } }));
    const { verdict } = await check(fixture(), { entries: beyond.slice(-1) });
    expect(verdict).toMatchObject({ problem: expect.stringMatching(/is that of no member/) });
  });

  it('finds what is no archive to its end', async () => {
    const bytes = Buffer.concat([fixture().bytes(), frame(Buffer.from('more'))]);
    const { verdict } = await check(fixture(), { bytes });
    expect(verdict).toMatchObject({ problem: expect.stringMatching(/only zeros should be/) });
  });
});
