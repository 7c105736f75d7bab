import { pinFeatures } from '../../aws/iam-actions.ts';
import { type PinInputs, parsePinInputs } from '../../inputs/pin.ts';
import { PIN_OUTPUT_NAMES, pinOutputs } from '../../report/pin/outputs.ts';
import { renderPinSummary } from '../../report/pin/summary.ts';
import type { PinReport } from '../../report/types.ts';
import { SeriesKeys } from '../../series/keys.ts';
import { RECORDS_AT_ONCE } from '../../series/records.ts';
import type { Command } from '../command.ts';
import { pin } from '../pin.ts';

export const pinCommand: Command<PinInputs, PinReport> = {
  name: 'pin',
  parse: parsePinInputs,
  features: ({ state }) => pinFeatures(state === 'pinned' ? 'pin' : 'unpin'),
  concurrency: () => RECORDS_AT_ONCE,
  run: ({ store: { prefix, series }, version, state, reason }, ports) =>
    pin({ keys: new SeriesKeys({ prefix, series }), version, state, reason }, ports),
  outputNames: PIN_OUTPUT_NAMES,
  outputs: pinOutputs,
  summary: renderPinSummary,
};
