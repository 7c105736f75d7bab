import { z } from 'zod';
import type { BucketOptions } from '../options.ts';
import type { PolicyInput } from '../policy/document.ts';
import type { IssuerRegistration } from '../sts/identity-providers.ts';
import type { RoleSettings } from '../sts/roles.ts';

// What the server can be given over HTTP while it runs. All of these throw z.ZodError.

const policy = z.union([z.string(), z.record(z.string(), z.unknown())]);

const bucket = z.strictObject({
  name: z.string(),
  region: z.string().exactOptional(),
  owner: z.string().exactOptional(),
  versioning: z.boolean().exactOptional(),
  objectLock: z.boolean().exactOptional(),
});

const role = z.strictObject({
  arn: z.string(),
  trustPolicy: policy.exactOptional(),
  permissionPolicy: z.union([policy, z.array(policy)]).exactOptional(),
  maxSessionSeconds: z.number().int().positive().exactOptional(),
});

const issuer = z.strictObject({
  url: z.string(),
  fetchFrom: z.string().exactOptional(),
  audiences: z.array(z.string()).exactOptional(),
});

export const parseBucketOptions = (json: unknown): BucketOptions => bucket.parse(json);

export const parsePolicyInput = (json: unknown): PolicyInput => policy.parse(json);

export const parseRole = (json: unknown): RoleSettings & { readonly arn: string } => role.parse(json);

export const parseIssuer = (json: unknown): IssuerRegistration => issuer.parse(json);
