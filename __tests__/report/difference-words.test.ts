import { expect, it } from '@jest/globals';
import { differenceWords } from '../../src/report/difference-words.ts';

it('has count and bytes of each kind', () => {
  const difference = {
    againstNumber: 1,
    againstId: 'x',
    added: { count: 1234, bytes: 2048, examples: [] },
    changed: { count: 0, bytes: 0, examples: [] },
    removed: { count: 1, bytes: 0, examples: [] },
    unchanged: { count: 3, bytes: 99 },
  };
  expect(differenceWords(difference)).toBe('1,234 added (2.0 KiB), 0 changed, 1 removed (0 B), 3 unchanged (99 B)');
});
