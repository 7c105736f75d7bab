import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const HEAP = join(import.meta.dirname, '../src/heap.ts');

/** Lets many objects go by, of which the last few thousand are alive, as entries do; the most that the heap was, in bytes. */
const SCRIPT = `
const { getHeapStatistics } = process.getBuiltinModule('node:v8');
const alive = [];
let top = 0;
for (let count = 0; count < 200_000; count++) {
  alive[count % 16_000] = Array.from({ length: 20 }, (_, index) => BigInt(count + index));
  if (count % 5_000 === 0) top = Math.max(top, getHeapStatistics().total_heap_size);
}
console.log(top);
`;

function largestHeap(prelude: string): number {
  return Number(execFileSync(process.execPath, ['--input-type=module', '-e', prelude + SCRIPT]));
}

describe('boundHeap', () => {
  it('keeps the heap near what is alive', () => {
    const bounded = largestHeap(`import { boundHeap } from ${JSON.stringify(HEAP)}; boundHeap();`);
    expect(bounded).toBeLessThan(largestHeap('') / 2);
  });
});
