import { expect, it } from '@jest/globals';
import { InlineEngine } from '../../src/pack/inline-engine.ts';
import { decode, memberAt } from '../transfer/packs-fixture.ts';

it('keeps batches apart that are open at once', async () => {
  const engine = new InlineEngine({ failOnChange: true, level: 3 });
  const link = (path: string) => ({ type: 'symlink', path, mtimeNs: 0n, target: 'x' }) as const;
  const [one, other] = [await engine.read([link('one')]), await engine.read([link('other')])];
  expect(one.outcomes).toEqual([{ outcome: 'none' }]);
  const last = await other.build(['keep']);
  const first = await one.build(['keep']);
  const pathOf = (bytes: Uint8Array) => memberAt(decode(bytes), 0)?.member.path;
  expect([pathOf(first.bytes), pathOf(last.bytes)]).toEqual(['one', 'other']);
  await engine.close();
});
