import { createHash } from 'node:crypto';
import { constants, zstdCompressSync } from 'node:zlib';
import { encodeClaim } from '../../src/series/claim.ts';
import { encodeEntry } from '../../src/series/entry-line.ts';
import { encodeRecord, type IndexReference } from '../../src/series/record.ts';
import { formatVersionId } from '../../src/series/version-id.ts';
import { objectKey } from '../../src/store/object-key.ts';
import { fileEntry, KEYS, RECORD, RUN } from '../series/series-fixture.ts';
import { ABANDONED_AFTER_MS, type Contents, type World } from './world.ts';

const HOUR_MS = 3_600_000;

const ZSTD = { params: { [constants.ZSTD_c_checksumFlag]: 1 } };

/** By key: encoding them is what takes longest at the beginning of a run. */
const documents = new Map<string, string>();

function document(key: string, encode: () => Uint8Array): string {
  const known = documents.get(key) ?? Buffer.from(encode()).toString('latin1');
  documents.set(key, known);
  return known;
}

function plantRun(world: World, number: number, time: Date): string {
  const id = formatVersionId({ series: KEYS.location.series, type: 'full', time, number });
  const nonce = nonceOf(number);
  const key = world.conditionalWrites === 'enforced' ? KEYS.claim({ number }) : KEYS.claim({ number, nonce });
  world.plant(
    key,
    document(`${key} ${id}`, () => encodeClaim({ id, number, nonce, run: RUN, leansOn: [] })),
  );
  world.plant(KEYS.file(id, 'file'), `file of ${id}`);
  return id;
}

function nonceOf(number: number): string {
  return number.toString(16).padStart(32, '0');
}

/** A version that was made and reported before anybody comes. */
export function plantVersion(world: World, number: number): string {
  const time = new Date(world.nowMs - (100 - number) * HOUR_MS);
  const id = plantRun(world, number, time);
  const { contents, index } = makeVersion(id, `file of ${id}`);
  world.plant(KEYS.index(id), contents.get(KEYS.index(id)) ?? '');
  world.plant(
    KEYS.record(id),
    document(KEYS.record(id), () =>
      encodeRecord({ ...RECORD, id, number, nonce: nonceOf(number), index, time: time.toISOString() }),
    ),
  );
  world.versions.set(id, contents);
  world.report(id);
  return id;
}

const made = new Map<string, { readonly contents: Contents; readonly index: IndexReference }>();

/**
 * One file of its own, what it leans on, and the index of all.
 * @param leanedOn what the base consists of, without its index
 * @param own the key of its own file, and the turn of the attempt that writes the index
 */
export function makeVersion(
  id: string,
  text: string,
  leanedOn: Contents = new Map(),
  own: { readonly file: string; readonly turn: number } = { file: KEYS.file(id, 'file'), turn: 1 },
) {
  const name = [id, text, own.file, own.turn, ...leanedOn].join();
  const known = made.get(name);
  if (known !== undefined) return known;
  const files = new Map<string, string>([...leanedOn, [own.file, text]]);
  const lines = [...files.keys()].map((key, place) => {
    const path = `${place} ${key.split('_').at(-1)}`;
    return encodeEntry(fileEntry(path, { key: KEYS.relative(objectKey(key)) }));
  });
  const bytes = zstdCompressSync(Buffer.from(lines.sort().join('')), ZSTD);
  const index: IndexReference = {
    key: KEYS.relative(KEYS.index(id, own.turn)),
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    entries: files.size,
  };
  const result = { contents: new Map([...files, [KEYS.index(id, own.turn), bytes.toString('latin1')]]), index };
  made.set(name, result);
  return result;
}

/** What the first attempt of {@link RUN} left that was killed just now: its claim, and the file of the resumer A. */
export function plantKilledAttempt(world: World, number: number): string {
  const id = plantRun(world, number, new Date(world.nowMs));
  world.plant(KEYS.file(id, 'file'), 'file of A');
  return id;
}

/** What a run left that was killed long ago. */
export function plantKilledRun(world: World, number: number): string {
  const now = world.nowMs;
  world.nowMs = now - ABANDONED_AFTER_MS - HOUR_MS;
  const id = plantRun(world, number, new Date(world.nowMs));
  world.nowMs = now;
  return id;
}
