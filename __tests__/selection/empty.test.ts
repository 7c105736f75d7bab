import { describe, expect, it } from '@jest/globals';
import { emptySelection } from '../../src/selection/empty.ts';

describe('emptySelection', () => {
  it('has nothing, and can be closed', async () => {
    const selection = emptySelection();
    expect(await Array.fromAsync(selection.entries())).toEqual([]);
    expect(selection).toMatchObject({ totals: { files: 0, bytes: 0 }, largest: [], vanished: { count: 0 } });
    await selection.close();
  });
});
