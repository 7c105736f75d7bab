import type { z } from 'zod';
import type { StoreIdentity } from '../store/open-store.ts';
import { endpointSchema } from './endpoint.ts';
import { form, present, wholeNumber } from './fields.ts';
import { type InputReader, refused } from './reader.ts';

/** The bounds of AssumeRoleWithWebIdentity (STS API reference, `DurationSeconds`). */
const MIN_SESSION_SECONDS = 900;
const MAX_SESSION_SECONDS = 43_200;

const SESSION_POLICIES = ['auto', 'none'] as const;

/** IAM User Guide, "IAM identifiers": path and name of a role. */
const AMAZON_ROLE = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,576}$/;
/** Stores without accounts, such as Ceph, leave the account empty. */
const OTHER_ROLE = /^arn:aws[a-z-]*:iam::(\d{12})?:role\/[\w+=,.@/-]{1,576}$/;

/** As whom the store is used. */
export type CredentialInputs = StoreIdentity;

/** @throws InputError */
export function readCredentialInputs(reader: InputReader): CredentialInputs {
  const stsEndpoint = reader.optional('sts-endpoint', endpointSchema);
  const role = roleSchema(stsEndpoint === undefined);
  const roleChain = reader.optional('role-chain', role);
  return present({
    roleToAssume: reader.optional('role-to-assume', role),
    audience: reader.read('audience', audienceSchema),
    roleChain,
    externalId: readExternalId(reader, roleChain),
    roleDurationSeconds: reader.read('role-duration-seconds', durationSchema),
    sessionPolicy: reader.choice('session-policy', SESSION_POLICIES),
    stsEndpoint,
  });
}

function roleSchema(isAmazon: boolean): z.ZodType<string, string> {
  const rule =
    'it must be the ARN of a role, such as `arn:aws:iam::123456789012:role/backup`: copy it from the page of the role in IAM';
  return form(isAmazon ? AMAZON_ROLE : OTHER_ROLE, rule);
}

const audienceSchema = form(
  /^[\x21-\x7e]{1,255}$/,
  'it must be 1 to 255 characters without spaces: write an audience that the identity provider in IAM lists',
);

const durationSchema = wholeNumber(
  MIN_SESSION_SECONDS,
  MAX_SESSION_SECONDS,
  'sessions are renewed by themselves, so 3600 suits long jobs too',
);

function readExternalId(reader: InputReader, roleChain: string | undefined): string | undefined {
  const externalId = reader.optional('external-id', externalIdSchema);
  if (externalId !== undefined && roleChain === undefined) {
    throw refused('external-id', externalId, 'it only goes with `role-chain`: set that, or leave this out');
  }
  return externalId;
}

/** STS API reference, AssumeRole, `ExternalId`. */
const externalIdSchema = form(
  /^[\w+=,.@:/-]{2,1224}$/,
  'an external ID has 2 to 1224 letters, digits and `_+=,.@:/-`: copy it from the condition in the trust policy',
);
