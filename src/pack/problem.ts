/**
 * Why the bytes of a pack or of a compressed object cannot be what they should be. The message reads on after a colon;
 * who knows the object makes damage of it (`transfer/damage.ts`).
 */
export class PackProblem extends Error {
  override readonly name = 'PackProblem';
}
