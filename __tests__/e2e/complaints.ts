import type { Annotation, StepResult } from '../../dev/runner/index.ts';
import { TARGET } from './world.ts';

/** What Ceph 16 cannot do, which the action finds out, says and works around. */
const SAID_ON_CEPH: ReadonlySet<string> = new Set([
  // Denied to a session that has a session policy.
  'Store without batch delete',
  // Ignored in a bucket that keeps versions.
  'Store without conditional writes',
]);

/** All annotations of a step but those that Ceph is known for. */
export function complaints({ annotations }: StepResult): readonly Annotation[] {
  return annotations.filter(({ title }) => TARGET !== 'ceph' || !SAID_ON_CEPH.has(title));
}
