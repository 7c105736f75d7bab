import type { StepHandle } from '../../dev/runner/index.ts';

/**
 * Waits until a step has come to a gate (or to whatever else `arrival` stands for).
 *
 * @throws {Error} with the step's log when it ends before: a test that would otherwise wait for ever says why
 */
export async function untilAt(arrival: Promise<unknown>, step: StepHandle): Promise<void> {
  const ended = step.done.then(({ log }) => {
    throw new Error(`the step ended before it came to the gate:\n${log}`);
  });
  await Promise.race([arrival, ended]);
}
