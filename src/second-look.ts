import { isDamaged } from './errors.ts';

/** Bytes that are not what they should be may have been damaged on the way: they are fetched once more. */
const ATTEMPTS = 2;

/** Runs `work` again when the first time has found damage. */
export async function withSecondLook<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === ATTEMPTS || !isDamaged(error)) throw error;
    }
  }
}
