import { describe, expect, it } from '@jest/globals';
import { BackupError, DAMAGED } from '../src/errors.ts';
import { withSecondLook } from '../src/second-look.ts';

const damage = new BackupError('Damaged.', { class: 'permanent', code: DAMAGED });
const trouble = new BackupError('Denied.', { class: 'permanent', httpStatus: 403 });

/** @returns what fails as told, one time after another, and then succeeds; and how often it was called */
function failing(...errors: readonly Error[]) {
  const state = { calls: 0 };
  const work = async () => {
    const error = errors[state.calls++];
    if (error !== undefined) throw error;
    return 'bytes';
  };
  return { state, work };
}

describe('withSecondLook', () => {
  it('looks once more at what was damaged', async () => {
    const { state, work } = failing(damage);
    expect(await withSecondLook(work)).toBe('bytes');
    expect(state.calls).toBe(2);
  });

  it.each([
    ['damage that is still there', [damage, damage], damage, 2],
    ['what is no damage', [trouble], trouble, 1],
    ['trouble on the second look', [damage, trouble], trouble, 2],
  ])('fails for %s', async (_, errors, expected, calls) => {
    const { state, work } = failing(...errors);
    await expect(withSecondLook(work)).rejects.toBe(expected);
    expect(state.calls).toBe(calls);
  });
});
