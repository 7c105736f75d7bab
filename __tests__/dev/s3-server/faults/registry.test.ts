import { describe, expect, it } from '@jest/globals';
import { FaultRegistry } from '../../../../dev/s3-server/faults/registry.ts';

const facts = (key: string) => ({
  operation: 'PutObject',
  method: 'PUT',
  bucket: 'b',
  key,
  headers: {},
  query: new URLSearchParams(),
});
const names = (registry: FaultRegistry, key: string) => registry.take(facts(key)).map(({ name }) => name);

describe('FaultRegistry', () => {
  it('lets a fault happen once, or as often as it says', () => {
    const registry = new FaultRegistry();
    registry.add({ name: 'once', action: { type: 'reset' } });
    registry.add({ name: 'twice', times: 2, action: { type: 'silence' } });
    expect([names(registry, 'a'), names(registry, 'a'), names(registry, 'a')]).toEqual([
      ['once', 'twice'],
      ['twice'],
      [],
    ]);
  });

  it('counts only the requests that fit', () => {
    const registry = new FaultRegistry();
    registry.add({ match: { key: /^x/, request: 2 }, action: { type: 'reset' } });
    expect([names(registry, 'x1'), names(registry, 'y'), names(registry, 'x2'), names(registry, 'x3')]).toEqual([
      [],
      [],
      ['reset'],
      [],
    ]);
  });

  it('asks a condition for each request that fits, and lets those pass for which it does not hold', () => {
    const registry = new FaultRegistry();
    let asked = 0;
    const applies = () => ++asked % 2 === 0;
    registry.add({ name: 'every other', match: { key: /^x/ }, applies, times: 2, action: { type: 'reset' } });
    const taken = ['x1', 'y', 'x2', 'x3', 'x4', 'x5', 'x6'].flatMap((key) => names(registry, key).map(() => key));
    expect([taken, asked]).toEqual([['x2', 'x4'], 4]);
  });

  it('reports what fired and what did not', () => {
    const registry = new FaultRegistry();
    registry.add({ name: 'a', match: { key: 'a' }, times: 3, action: { type: 'reset' } });
    registry.add({ name: 'b', match: { key: 'b' }, action: { type: 'reset' } });
    registry.take(facts('a'));
    expect(registry.report()).toEqual([
      { name: 'a', fired: 1, remaining: 2 },
      { name: 'b', fired: 0, remaining: 1 },
    ]);
    expect(registry.unfired()).toEqual(['b']);
    registry.clear();
    expect(registry.report()).toEqual([]);
  });
});
