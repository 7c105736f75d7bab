import type { Warning } from '../log.ts';
import { hasRules } from '../retention/rules.ts';
import type { CredentialInputs } from './credentials.ts';
import { isInsecure } from './endpoint.ts';
import type { RetentionInputs } from './retention.ts';
import type { StoreInputs } from './store.ts';

/** What is allowed but probably not meant. */
export function notesOn(inputs: {
  readonly store: StoreInputs;
  readonly credentials: CredentialInputs;
  readonly retention: RetentionInputs;
}): readonly Warning[] {
  return [
    ...insecureEndpoints([inputs.store.endpoint, inputs.credentials.stsEndpoint]),
    ...pruneWithoutPolicy(inputs.retention),
  ];
}

/** Endpoints whose traffic others can read; absent ones are Amazon's. */
export function insecureEndpoints(endpoints: readonly (string | undefined)[]): readonly Warning[] {
  return endpoints
    .filter((endpoint) => endpoint !== undefined)
    .filter(isInsecure)
    .map((subject) => ({
      kind: 'insecure-endpoint',
      message: 'An endpoint is reached by plain http: everyone on the way can read what is sent, so use https.',
      subject,
    }));
}

function pruneWithoutPolicy({ policy, pruneNoncurrent }: RetentionInputs): readonly Warning[] {
  if (!pruneNoncurrent || hasRules(policy)) return [];
  return [
    {
      kind: 'prune-without-policy',
      message:
        'The input `prune-noncurrent` does nothing without a rule such as `keep-last`: no version is ever deleted.',
    },
  ];
}
