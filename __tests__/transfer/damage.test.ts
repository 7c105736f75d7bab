import { describe, expect, it } from '@jest/globals';
import { isDamaged } from '../../src/errors.ts';
import { PackProblem } from '../../src/pack/problem.ts';
import { asDamageOf, damaged, damagedInside } from '../../src/transfer/damage.ts';
import { failure } from '../series/series-fixture.ts';

describe('damage', () => {
  it('of an object says what was expected and what was found', () => {
    const error = damaged('k', 'SHA-256 a', 'SHA-256 b');
    expect(isDamaged(error)).toBe(true);
    expect(error).toEqual(
      failure('permanent', 'The object "k" is not what its entry says.', { expected: 'SHA-256 a', found: 'SHA-256 b' }),
    );
  });

  it('inside of an object names the file, whatever its name', () => {
    const problem = new PackProblem('it ends within a zstd frame');
    expect(damagedInside('k', problem).message).toBe('The object "k" is damaged: it ends within a zstd frame.');
    expect(damagedInside('k', problem, 'a\n::error::').message).toBe(
      'The file "a\\n::error::" in the object "k" is damaged: it ends within a zstd frame.',
    );
  });

  it('is made of problems of a pack, and of nothing else', async () => {
    const fail = (error: Error) => asDamageOf('k', undefined, () => Promise.reject(error));
    await expect(fail(new PackProblem('bad'))).rejects.toEqual(
      failure('permanent', /"k" is damaged: bad/, { code: 'DAMAGED' }),
    );
    await expect(fail(new TypeError('mine'))).rejects.toThrow(TypeError);
    expect(await asDamageOf('k', undefined, async () => 5)).toBe(5);
  });
});
