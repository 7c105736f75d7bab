import { READ_FEATURES } from '../../aws/iam-actions.ts';
import { type ListInputs, parseListInputs } from '../../inputs/list.ts';
import { LIST_OUTPUT_NAMES, listOutputs } from '../../report/list/outputs.ts';
import { renderListSummary } from '../../report/list/summary.ts';
import type { ListReport } from '../../report/list/types.ts';
import { RECORDS_AT_ONCE } from '../../series/records.ts';
import type { Command } from '../command.ts';
import { list } from '../list.ts';

export const listCommand: Command<ListInputs, ListReport> = {
  name: 'list',
  parse: parseListInputs,
  features: () => READ_FEATURES,
  concurrency: () => RECORDS_AT_ONCE,
  run: ({ store: { prefix, series }, wanted }, ports) => list({ location: { prefix, series }, wanted }, ports),
  outputNames: LIST_OUTPUT_NAMES,
  outputs: listOutputs,
  summary: renderListSummary,
};
