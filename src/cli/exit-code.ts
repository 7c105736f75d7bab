import { InputError, isDamaged } from '../errors.ts';

/** How a command ended, for scripts; described in docs/cli.md. */
export const EXIT_CODES = {
  done: 0,
  failed: 1,
  badUsage: 2,
  damaged: 3,
  /** As a shell reports a command that SIGINT ended: 128 + 2. */
  interrupted: 130,
} as const;

/** @param interrupted whether the user asked to stop: then that is why, whatever broke on the way */
export function exitCodeOf(error: unknown, interrupted: boolean): number {
  if (interrupted) return EXIT_CODES.interrupted;
  if (error instanceof InputError) return EXIT_CODES.badUsage;
  return isDamaged(error) ? EXIT_CODES.damaged : EXIT_CODES.failed;
}
