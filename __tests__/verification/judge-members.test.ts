import { describe, expect, it } from '@jest/globals';
import { judgeMembers } from '../../src/verification/judge-members.ts';
import { packedEntries, packedReferenceOf } from '../../src/verification/packed-references.ts';
import { PackFixture } from '../pack/pack-fixture.ts';
import { asyncOf } from '../series/series-fixture.ts';
import { KEY, readingOf } from '../transfer/read-context.ts';
import { bytesFor, MIB } from '../transfer/transfer-fixture.ts';

const fixture = () =>
  new PackFixture('k')
    .add('a', 'first')
    .add('b', 'second')
    .close()
    .add('c', 'third')
    .close()
    .add('d', bytesFor(5 * MIB))
    .close();

/** What is said of each entry after a change of the bytes of the pack. */
async function judge(pack: PackFixture, change: (bytes: Buffer) => void) {
  const bytes = pack.bytes();
  change(bytes);
  const references = pack.entries.map((entry) =>
    packedReferenceOf(entry, entry.slice ?? { offset: 0, bytes: 0, skip: 0 }, 'v1', true),
  );
  const { context, store } = await readingOf(bytes);
  const judged = await Array.fromAsync(judgeMembers(KEY, packedEntries(asyncOf(references)), context));
  const verdicts = judged.map(({ entry, verdict }) => [
    entry.path,
    typeof verdict === 'string' ? verdict : verdict.kind,
  ]);
  return { verdicts, operations: store.operations };
}

const flip = (bytes: Buffer, place: number) => bytes.writeUInt8(bytes.readUInt8(place) ^ 1, place);

describe('judgeMembers', () => {
  it('reads each slice by itself, and small members of one slice together', async () => {
    const { verdicts, operations } = await judge(fixture(), () => {});
    expect(verdicts).toEqual(['a', 'b', 'c', 'd'].map((path) => [path, 'intact']));
    expect(operations).toEqual(['get', 'get', 'get']);
  });

  it('names those whose own frames are damaged', async () => {
    const pack = fixture();
    const place = (path: string) => pack.entries.find((entry) => entry.path === path)?.slice?.offset ?? 0;
    expect((await judge(pack, (bytes) => flip(bytes, place('a') + 20))).verdicts).toEqual([
      ['a', 'content'],
      ['b', 'content'],
      ['c', 'intact'],
      ['d', 'intact'],
    ]);
    expect((await judge(pack, (bytes) => flip(bytes, place('d') + 500))).verdicts.at(-1)).toEqual(['d', 'content']);
    // The end of the archive is nobody's.
    expect((await judge(pack, (bytes) => flip(bytes, bytes.byteLength - 1))).verdicts.map(([, kind]) => kind)).toEqual(
      Array.from({ length: 4 }, () => 'intact'),
    );
  });

  it('names the one of a slice whose header is not what the index says', async () => {
    const pack = new PackFixture('k').add('a', 'x').add('b', 'y', {}, { mode: 0o4755 }).add('c', 'z').close();
    expect((await judge(pack, () => {})).verdicts).toEqual([
      ['a', 'intact'],
      ['b', 'content'],
      ['c', 'intact'],
    ]);
  });
});
