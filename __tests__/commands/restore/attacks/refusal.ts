import { expect } from '@jest/globals';
import type { RestoreRequest } from '../../../../src/commands/restore/request.ts';
import { DAMAGED, type ErrorClass } from '../../../../src/errors.ts';
import type { RestoreRules } from '../../../../src/restoration/types.ts';
import { failure } from '../../../series/series-fixture.ts';
import { Scene, type Version } from '../scene.ts';

/**
 * The tests beside this file are what a bucket in the wrong hands could try: one fixture per way that archives have been
 * abused. Some ways have no counterpart here, because a version is an index and objects and no archive:
 *
 * - hard links (CVE-2018-20834, CVE-2026-23745, CVE-2026-26960; python/cpython#151558): there is no such entry, and a
 *   line that claims to be one is no entry (`index.test.ts`, "entry types");
 * - PAX and header sizes that disagree (CVE-2025-62518): an object of its own has no header, but its size can disagree
 *   with its entry's (`objects.test.ts`, "sizes"); the headers in a pack have to say what the index says (`packs.test.ts`);
 * - a library that only warns (node-tar, not strict): every case here ends in an error of the command.
 */
export interface Asked extends Partial<Omit<RestoreRequest, 'rules'>> {
  readonly rules?: Partial<RestoreRules>;
}

export interface Expected {
  readonly message: RegExp;
  /** Default `permanent`. */
  readonly class?: ErrorClass;
  /** Default: any or none. */
  readonly code?: string;
}

/** The error for what no backup writes; in a terminal it ends with exit code 3. */
export const damage = (message: RegExp): Expected => ({ message, code: DAMAGED });

/** The restore fails, and not one byte is another than before: in the target, beside it, or among temporary files. */
export async function expectRefused(version: Version, expected: Expected, asked: Asked = {}): Promise<void> {
  await using scene = await Scene.create();
  await scene.publish(version);
  await expectUntouched(scene, expected, asked);
}

/** As {@link expectRefused}, of the version that is the latest by now. */
export async function expectUntouched(scene: Scene, expected: Expected, asked: Asked = {}): Promise<void> {
  const before = await scene.everything();
  const { class: errorClass = 'permanent', message, code } = expected;
  await expect(scene.restore(asked)).rejects.toEqual(failure(errorClass, message, code === undefined ? {} : { code }));
  expect(await scene.everything()).toEqual(before);
  expect(await scene.temporaryFiles()).toEqual([]);
}
