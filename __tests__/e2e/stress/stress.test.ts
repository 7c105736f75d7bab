import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { parseVersionId } from '../../../src/series/version-id.ts';
import { generator } from '../../protocol/chance.ts';
import type { Bucket } from '../bucket.ts';
import { recordKeys, SERIES } from '../stored.ts';
import { REGION, startEmbeddedWorld, startWorld, TARGET, type World, withWorkspace } from '../world.ts';
import { type Fleet, type Result, runOne } from './fleet.ts';
import { pruneAtOnce } from './prune-at-once.ts';

/** `npm run stress` plays a hundred. */
const ROUNDS = Number(process.env.STRESS_ROUNDS ?? 4);
const SEED = Number(process.env.STRESS_SEED ?? Date.now() % 1_000_000);
const WRITERS = 8;
const PRUNERS = 2;
const KEEP_LAST = 5;
const KILLED = 0.3;
const ROUND_TIMEOUT_MS = 120_000;
const DAY_MS = 86_400_000;

/** Of nobody in this test: below the series, among its data, and beside it. */
const FOREIGN = {
  [`${SERIES}notes.txt`]: randomBytes(1000),
  [`${SERIES}data/unknown/file`]: randomBytes(1000),
  'backups/dist2/versions/dist2_full_20200101T010000Z_000001.json': randomBytes(1000),
};

interface Scene {
  readonly world: World;
  readonly bucket: Bucket;
  /** Absent where the clock is not ours to move. */
  readonly passTime?: (ms: number) => void;
}

/** What is known of the series from outside, by what its commands said. */
interface Ledger {
  /** IDs by number. */
  readonly reported: Map<number, string>;
  killed: number;
}

/** Of those that go into packs; more than are stored as objects of their own. */
const SMALL_FILES = 120;
/** Larger than a part. */
const LARGE_BYTES = 6 * 1024 * 1024;
/** Every so many rounds the large file changes; in between versions lean on the one that holds it. */
const LARGE_EVERY = 5;

const POLICY = ['--keep-last', String(KEEP_LAST), '--max-delete', '100%'];

const BACKUP = ['backup', '--path', '**', '--root', 'data', '--part-size', '5MiB'];

/** A few files change every round, so that versions share packs, and old packs are needed for less and less. */
async function change(round: number, directory: string): Promise<void> {
  const at = (name: string) => join(directory, 'data', name);
  await writeFile(at('round.txt'), `round ${round}\n`);
  for (let number = 0; number < SMALL_FILES; number += 1) {
    const isChanged = round === 1 || (number + round) % 20 === 0;
    if (isChanged) await writeFile(at(`small-${number}`), randomBytes(2000));
  }
  if (round % LARGE_EVERY === 1) await writeFile(at('large'), randomBytes(LARGE_BYTES));
}

async function playRound(round: number, fleet: Fleet, ledger: Ledger): Promise<void> {
  await change(round, fleet.directory);
  const writers = Array.from({ length: WRITERS }, () => runOne([...BACKUP, ...POLICY], fleet));
  const pruners = Array.from({ length: PRUNERS }, () => runOne(['prune', ...POLICY], fleet));
  const [made, pruned] = await Promise.all([Promise.all(writers), Promise.all(pruners)]);
  for (const result of made) noteVersion(result, ledger);
  for (const result of pruned) expectSuccess(result);
  ledger.killed += [...made, ...pruned].filter(({ wasKilled }) => wasKilled).length;
}

function noteVersion(result: Result, { reported }: Ledger): void {
  expectSuccess(result);
  if (result.wasKilled) return;
  const number = Number(result.outputs.version);
  const id = result.outputs['version-id'] ?? '';
  expect([number, reported.get(number)]).toEqual([number, undefined]);
  reported.set(number, id);
}

/** A run that was not killed has nothing to fail for. */
function expectSuccess({ wasKilled, exitCode, stderr }: Result): void {
  if (!wasKilled) expect({ exitCode, stderr: exitCode === 0 ? '' : stderr }).toEqual({ exitCode: 0, stderr: '' });
}

/** Numbers are unique, and what was reported is there unless so many newer ones are that a plan could name it. */
async function checkRecords(bucket: Bucket, { reported }: Ledger): Promise<void> {
  const visible = (await recordKeys(bucket)).map((key) => key.slice(`${SERIES}versions/`.length, -'.json'.length));
  const numbers = visible.map((id) => parseVersionId(id)?.number ?? 0);
  expect(new Set(numbers).size).toBe(numbers.length);
  const all = [...new Set([...numbers, ...reported.keys()])].sort((a, b) => b - a);
  const lost = all.slice(0, KEEP_LAST).filter((number) => !numbers.includes(number));
  expect(lost).toEqual([]);
}

/** Every version that is there can be read in full; at the level `restore` by the very code that gets files back. */
async function checkData(level: 'data' | 'restore', fleet: Fleet): Promise<void> {
  expectSuccess(await runOne(['verify', '--version', 'all', '--level', level], { ...fleet, killed: 0 }));
}

/** What a run leaves that is killed just before its record: those that were killed here may have left nothing. */
async function leaveGarbage(bucket: Bucket): Promise<void> {
  const numbered = (await recordKeys(bucket)).map((key) => ({ key, number: Number(/(\d+)\.json$/.exec(key)?.[1]) }));
  const [newest] = numbered.sort((a, b) => b.number - a.number);
  await bucket.remove(newest?.key ?? '');
}

/** Past the age at which runs count as killed one clean prune leaves nothing that belongs to no version. */
async function checkGarbage({ world, bucket, passTime }: Scene, fleet: Fleet): Promise<void> {
  await leaveGarbage(bucket);
  passTime?.(8 * DAY_MS);
  expectSuccess(await runOne(BACKUP, { ...fleet, killed: 0 }));
  if (passTime !== undefined) expectSuccess(await runOne(['prune', ...POLICY], { ...fleet, killed: 0 }));
  else {
    const temporaryDirectory = fleet.directory;
    const { failure, warnings } = await pruneAtOnce(world, bucket, { keepLast: KEEP_LAST, temporaryDirectory });
    expect({ failure, warnings }).toEqual({ failure: undefined, warnings: [] });
  }
  const owned = await Promise.all((await recordKeys(bucket)).map((key) => ownedBy(key, bucket)));
  const left = (await bucket.keys()).filter((key) => !owned.some((isOwned) => isOwned(key)));
  expect(left).toEqual(Object.keys(FOREIGN).sort());
  expect(await bucket.uploads()).toEqual([]);
}

async function checkForeign(bucket: Bucket): Promise<void> {
  for (const [key, bytes] of Object.entries(FOREIGN)) expect([key, await bucket.read(key)]).toEqual([key, bytes]);
}

/** What is there for a version's sake: its own keys, the objects of older ones it refers to, and the claims of those. */
async function ownedBy(recordKey: string, bucket: Bucket): Promise<(key: string) => boolean> {
  const id = recordKey.slice(`${SERIES}versions/`.length, -'.json'.length);
  const { leansOn } = await bucket.json(recordKey);
  const referred = new Set((await bucket.index(recordKey)).map(({ key }) => `${SERIES}${key}`));
  const claims = [id, ...(leansOn as string[])].map((named) => `${SERIES}claims/${named.split('_').at(-1)}`);
  return (key) => key.includes(id) || referred.has(key) || claims.some((claim) => key.startsWith(claim));
}

/** A world whose clock can be moved where that is ours to do. */
async function startMovableWorld(): Promise<{ world: World; passTime?: (ms: number) => void }> {
  if (TARGET === 'ceph') return { world: await startWorld() };
  let offset = 0;
  const world = await startEmbeddedWorld({ now: () => new Date(Date.now() + offset) });
  return {
    world,
    passTime: (ms) => {
      offset += ms;
    },
  };
}

it(
  `${ROUNDS} rounds of ${WRITERS} writers and ${PRUNERS} pruners, some of them killed, keep every promise (STRESS_SEED=${SEED})`,
  async () => {
    const { world, passTime } = await startMovableWorld();
    try {
      const bucket = await world.createBucket();
      for (const [key, bytes] of Object.entries(FOREIGN)) await bucket.put(key, bytes);
      await withWorkspace(async (directory) => {
        await mkdir(join(directory, 'data'));
        const fleet: Fleet = {
          directory,
          random: generator(SEED),
          killed: KILLED,
          lives: [],
          variables: variablesFor(world, bucket),
        };
        const ledger: Ledger = { reported: new Map(), killed: 0 };
        for (let round = 1; round <= ROUNDS; round += 1) {
          await playRound(round, fleet, ledger);
          await checkRecords(bucket, ledger);
          await checkData('data', fleet);
        }
        await checkGarbage({ world, bucket, ...(passTime && { passTime }) }, fleet);
        await checkData('restore', fleet);
        await checkForeign(bucket);
        console.info(
          `Stress: seed ${SEED}, ${ROUNDS} rounds, ${ledger.reported.size} versions, ${ledger.killed} kills`,
        );
      });
    } finally {
      await world.close();
    }
  },
  (ROUNDS + 1) * ROUND_TIMEOUT_MS,
);

function variablesFor({ owner, endpoint }: World, { name }: Bucket): Readonly<Record<string, string>> {
  return {
    AWS_ACCESS_KEY_ID: owner.accessKeyId,
    AWS_SECRET_ACCESS_KEY: owner.secretAccessKey,
    VSB_BUCKET: name,
    VSB_NAME: 'dist',
    VSB_ENDPOINT: endpoint,
    VSB_AWS_REGION: REGION,
  };
}
