import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { virtualTime } from '../virtual-time.ts';
import { FaultWorld } from './fault-world.ts';
import { count } from './ledger.ts';

let world: FaultWorld;
beforeAll(async () => {
  world = await FaultWorld.start();
});
afterAll(() => world[Symbol.asyncDispose]());

/** A run whose record is written with a broken connection; another commits, and prunes, before it tries again. */
describe('a record without a reply, and a newer version before the next try', () => {
  it.each([
    ['it had been written', 'after'],
    ['it had not', 'before'],
  ] as const)('%s: the next number is taken, and all that is visible is whole', async (what, when) => {
    count(`a record without a reply, and a prune before the next try: ${what}`, 1);
    const bucket = world.bucket();
    const root = await world.tree({ file: 'content' });
    const time = virtualTime();
    let isAlone = true;
    const sleep = async (ms: number) => {
      await time.sleep(ms);
      if (!isAlone) return;
      isAlone = false;
      await world.backup(bucket, root, { runAfter: 1, keepLast: 1 });
    };
    world.server.faults.add({
      when,
      match: { operation: 'PutObject', key: /\/versions\//u },
      times: 1,
      action: { type: 'reset' },
    });

    const report = await world.backup(bucket, root, { time: { ...time, sleep } });

    expect(world.server.faults.unfired()).toEqual([]);
    expect(report?.version.number).toBe(3);
    expect(await world.verify(bucket)).toMatchObject({
      versions: [{ version: { number: 2 } }, { version: { number: 3 } }],
      damaged: { count: 0 },
    });
    world.server.faults.clear();
  });
});
