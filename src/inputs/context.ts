/** What inputs are read against. */
export interface InputContext {
  /** Absolute. */
  readonly workspace: string;
  /** `owner/name`; empty outside a workflow. */
  readonly repository: string;
}
