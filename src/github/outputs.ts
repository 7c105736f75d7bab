import { setOutput, summary } from '@actions/core';

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
