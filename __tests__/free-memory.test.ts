import { expect, it } from '@jest/globals';
import { freeMemory } from '../src/free-memory.ts';

it('takes the bytes away from whoever still has them', () => {
  const bytes = Buffer.alloc(2 ** 20, 'a');
  freeMemory(bytes.subarray(10));
  expect(bytes.byteLength).toBe(0);
});

it('leaves the pool alone in which small buffers lie together, and does nothing twice', () => {
  const [small, neighbour] = [Buffer.from('small'), Buffer.from('neighbour')];
  freeMemory(small);
  expect([small.toString(), neighbour.toString()]).toEqual(['small', 'neighbour']);
  const large = Buffer.alloc(2 ** 20);
  freeMemory(large);
  expect(() => freeMemory(large)).not.toThrow();
});
