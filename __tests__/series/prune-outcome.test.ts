import { describe, expect, it } from '@jest/globals';
import { BackupError } from '../../src/errors.ts';
import { PruneTally } from '../../src/series/prune-outcome.ts';
import { objectKey } from '../../src/store/object-key.ts';

const refusal = (key: string) => ({ target: { key: objectKey(key) }, code: 'SlowDown', message: 'Slow down.' });

describe('PruneTally', () => {
  it('has no failure where there was none', () => {
    const tally = new PruneTally();
    tally.deleted(2, 30);
    tally.deleted(1, 12);
    expect(tally.outcome(true)).toEqual({
      removed: [],
      skipped: [],
      deletedObjects: 3,
      deletedBytes: 42,
      abandoned: [],
      onlyHidden: true,
      warnings: [],
    });
  });

  it('makes one sentence of all refusals', () => {
    const tally = new PruneTally();
    tally.refused(refusal('a'));
    tally.refused(refusal('b'));
    expect(tally.outcome(false).failure).toBe(
      '2 objects could not be deleted (the first is "a": SlowDown, Slow down); the next prune tries again.',
    );
  });

  it('takes what stopped the prune for the reason', () => {
    const tally = new PruneTally();
    tally.refused(refusal('a'));
    tally.stoppedBy(new BackupError('The store is down.', { class: 'transient' }));
    expect(tally.outcome(false).failure).toBe('The store is down.');
  });
});
