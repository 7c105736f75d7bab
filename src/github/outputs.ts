import { setOutput, summary } from '@actions/core';

/** The outputs of the backup action, in the order of action.yml. */
export const OUTPUT_NAMES = [
  'version',
  'version-id',
  'record-key',
  'uri',
  'files',
  'bytes',
  'uploaded-bytes',
  'requests',
  'duration-ms',
  'pruned',
  'kept',
] as const;

/** Writes outputs of the step, by the names of action.yml. */
export function setOutputs(outputs: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(outputs)) setOutput(name, value);
}

/**
 * Adds Markdown to the job summary of the step. At most 1 MiB: of more the runner keeps nothing.
 * @throws Error where the runner gave no file for it, or the file cannot be written; a reason to warn, not to fail
 */
export async function writeSummary(markdown: string): Promise<void> {
  await summary.emptyBuffer().addRaw(markdown, true).write();
}
