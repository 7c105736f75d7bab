import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { beginOutput, ContentTap } from '../../src/transfer/output-frames.ts';
import { asyncOf, bytesOf } from '../series/series-fixture.ts';
import { MIB, sha256Of } from './transfer-fixture.ts';

const TEXT = Buffer.alloc(3 * MIB, 'insert into widgets values (1, 2, 3);\n');

/** As a pipe brings it. */
const piped = (bytes: Buffer) =>
  asyncOf(
    Array.from({ length: Math.ceil(bytes.length / 65_000) }, (_, n) => bytes.subarray(n * 65_000, (n + 1) * 65_000)),
  );

describe('beginOutput', () => {
  it.each([
    ['long text', TEXT, true],
    ['just enough text', TEXT.subarray(0, MIB), true],
    ['too little text', TEXT.subarray(0, MIB - 1), false],
    ['noise', randomBytes(2 * MIB), false],
    ['text in a little of noise', Buffer.concat([randomBytes(MIB / 2), TEXT]), true],
    ['noise with a little text', Buffer.concat([randomBytes(MIB - 1000), TEXT]), false],
    ['nothing', Buffer.alloc(0), false],
  ])('says whether compressing pays, and hands out all of %s', async (_, bytes, pays) => {
    const begun = await beginOutput(piped(bytes));
    expect(begun.pays).toBe(pays);
    expect((await bytesOf(begun.blocks)).equals(bytes)).toBe(true);
  });

  it('ends its source where nobody reads on', async () => {
    let ended = false;
    async function* source() {
      try {
        for (;;) yield TEXT;
      } finally {
        ended = true;
      }
    }
    for await (const _ of (await beginOutput(source())).blocks) break;
    expect(ended).toBe(true);
  });
});

describe('ContentTap', () => {
  it('counts and hashes what comes by', async () => {
    const tap = new ContentTap();
    expect((await bytesOf(tap.through(piped(TEXT)))).equals(TEXT)).toBe(true);
    expect(tap.digest()).toEqual({ size: TEXT.length, sha256: sha256Of(TEXT) });
  });
});
