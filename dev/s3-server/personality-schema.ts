import { z } from 'zod';
import type { Personality } from './personality.ts';

const schema = z.strictObject({
  conditionalWrites: z.enum(['enforced', 'ignored', 'notImplemented']).exactOptional(),
  tagging: z.union([z.literal(true), z.enum(['notImplemented', 'invalidArgument'])]).exactOptional(),
  checksums: z.union([z.literal(true), z.enum(['notImplemented', 'ignored'])]).exactOptional(),
  fullObjectChecksums: z.boolean().exactOptional(),
  bulkDelete: z.union([z.literal(true), z.enum(['missingContentMd5', 'notImplemented'])]).exactOptional(),
  multipartProperties: z.enum(['kept', 'dropped']).exactOptional(),
  completionEtag: z.enum(['said', 'omitted']).exactOptional(),
  expectedBucketOwner: z.enum(['enforced', 'ignored', 'notImplemented']).exactOptional(),
  maxKeysPerPage: z.number().int().positive().exactOptional(),
  minPartBytes: z.number().int().positive().exactOptional(),
});

/** @throws {z.ZodError} that names the feature or the value that is not known. */
export const parsePersonality = (json: unknown): Partial<Personality> => schema.parse(json);
