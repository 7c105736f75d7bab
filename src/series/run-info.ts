import { z } from 'zod';

/** Schema of `RunInfo` (`model.ts`) as it stands in claims and records. */
export const runInfoSchema = z.object({
  repository: z.string(),
  commit: z.string(),
  ref: z.string(),
  workflow: z.string(),
  job: z.string(),
  runId: z.string(),
  runAttempt: z.string(),
  event: z.string(),
  actor: z.string(),
  url: z.string(),
});
