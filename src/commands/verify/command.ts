import { READ_FEATURES } from '../../aws/iam-actions.ts';
import { parseVerifyInputs, type VerifyInputs } from '../../inputs/verify.ts';
import { VERIFY_OUTPUT_NAMES, verifyOutputs } from '../../report/verify/outputs.ts';
import { renderVerifySummary } from '../../report/verify/summary.ts';
import type { VerifyReport } from '../../report/verify/types.ts';
import { SeriesKeys } from '../../series/keys.ts';
import type { Command } from '../command.ts';
import type { CommandPorts } from '../ports.ts';
import { verify } from '../verify.ts';
import { failureOf } from './failure.ts';
import type { VerifyRequest } from './request.ts';

export const verifyCommand: Command<VerifyInputs, VerifyReport> = {
  name: 'verify',
  parse: parseVerifyInputs,
  features: () => READ_FEATURES,
  concurrency: ({ concurrency }) => concurrency,
  run: (inputs, ports) => verify(requestOf(inputs, ports), ports),
  outputNames: VERIFY_OUTPUT_NAMES,
  outputs: verifyOutputs,
  summary: renderVerifySummary,
  failure: failureOf,
};

/** A sample for which no seed was given gets a fresh one. */
function requestOf(
  { store: { prefix, series }, version, level, subset, maxAge, concurrency, maxMemory }: VerifyInputs,
  { nonce }: Pick<CommandPorts, 'nonce'>,
): VerifyRequest {
  return {
    keys: new SeriesKeys({ prefix, series }),
    version,
    level,
    ...(subset && { subset: subset.kind === 'sample' ? { ...subset, seed: subset.seed ?? nonce() } : subset }),
    ...(maxAge && { maxAge }),
    concurrency,
    maxMemory,
  };
}
