import { describe, expect, it } from '@jest/globals';
import { Gate } from '../../../../dev/s3-server/faults/gate.ts';

describe('Gate', () => {
  it('holds until it is released and tells who has come', async () => {
    const gate = new Gate();
    const passed: string[] = [];
    const both = gate.arrived(2);
    const first = gate.pass().then(() => passed.push('first'));
    const second = gate.pass().then(() => passed.push('second'));
    await both;
    expect(passed).toEqual([]);
    gate.release();
    await Promise.all([first, second, gate.pass()]);
    expect(passed).toEqual(['first', 'second']);
    await gate.arrived(3);
  });
});
