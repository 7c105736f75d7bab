import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FaultWorld } from './fault-world.ts';
import { type Reference, referenceOf } from './reference.ts';
import { SCENARIOS } from './scenarios.ts';

let world: FaultWorld;
beforeAll(async () => {
  world = await FaultWorld.start();
});
afterAll(() => world[Symbol.asyncDispose]());

async function referenceFor(name: string): Promise<Reference> {
  const scenario = SCENARIOS.find((each) => each.name === name);
  if (scenario === undefined) throw new Error(`there is no scenario ${name}`);
  return referenceOf(world, scenario);
}

/** What is left of a key without the ID of its version but for its number: `000002/packs/0001.tar.zst`. */
const placeOf = (key: string) => key.replace(/^.*\/(?:data|versions)\/[^/]*_(\d{6})/, '$1');

/** Contents that were read, and from which byte on. */
const reads = ({ requests }: Reference) =>
  requests.flatMap(({ operation, key, headers }) => {
    if (operation !== 'GetObject' || !/\/(files|packs)\//.test(key)) return [];
    const from = /^bytes=(\d+)-/.exec(String(headers.range))?.[1];
    return [`${placeOf(key)}${from === undefined ? '' : from === '0' ? ' from its start' : ' from within'}`];
  });

const contents = (keys: readonly string[]) =>
  keys.map(placeOf).filter((place) => /^\d{6}\/(files|packs)\//.test(place));

// The faults tell nothing of packs and of objects of other versions in scenarios that do not meet them.
describe('what the faults are met with', () => {
  it('in a restore are an object and a part of a pack of other versions, and a pack of its own', async () => {
    expect(reads(await referenceFor('restore'))).toEqual([
      '000001/files/medium.bin',
      '000002/packs/0001.tar.zst from within',
      '000003/packs/0001.tar.zst from its start',
    ]);
  });

  it('in a verification are the same, whole', async () => {
    expect(reads(await referenceFor('verify'))).toEqual([
      '000001/files/medium.bin',
      '000002/packs/0001.tar.zst from its start',
      '000003/packs/0001.tar.zst from its start',
    ]);
  });

  it.each([
    ['prune of five', ['000004/files/kept.txt', '000005/packs/0001.tar.zst', '000006/packs/0001.tar.zst']],
    ['backup with prune', ['000002/packs/0001.tar.zst', '000003/packs/0001.tar.zst']],
  ])('in a %s are versions of which a part stays', async (name, left) => {
    const { start, state } = await referenceFor(name);
    const keys = Object.keys(state);
    expect(contents(keys)).toEqual(left);
    expect(keys.filter((key) => key.includes('/versions/'))).toHaveLength(1);
    const before = world.server.admin.listObjects(start.bucket).map(({ key }) => key);
    expect(contents(before).filter((place) => !left.includes(place))).not.toEqual([]);
  });

  it('in a resumed attempt on packs are one that is there and one that is not', async () => {
    const { state, requests } = await referenceFor('resume on packs');
    const isPack = (place: string) => /^000002\/.*packs/.test(place);
    expect(Object.keys(state).map(placeOf).filter(isPack)).toEqual([
      '000002/packs/0001.tar.zst',
      '000002/resumed-2/packs/0002.tar.zst',
    ]);
    const sent = requests.filter(({ operation }) => operation === 'PutObject').map(({ key }) => placeOf(key));
    expect(sent.filter(isPack)).toEqual(['000002/resumed-2/packs/0002.tar.zst']);
  });

  it.each([
    ['multipart of three parts', '000001/files/large.bin', 3],
    ['compressed file in three parts', '000001/files/large.log.zst', 3],
    ['pack in two parts', '000001/packs/0001.tar.zst', 2],
    ['output of a command in three parts', '000001/files/dump.bin', 3],
  ])('in a %s is %s in %i parts', async (name, place, count) => {
    const { requests } = await referenceFor(name);
    const parts = requests.filter(({ operation }) => operation === 'UploadPart').map(({ key }) => placeOf(key));
    expect(parts).toEqual(Array.from({ length: count }, () => place));
  });
});
