import { blocks, list } from '../blocks.ts';
import type { Section } from '../budget.ts';
import { type CostEstimate, estimateCost } from '../cost.ts';
import { type Markdown, md } from '../markdown.ts';
import type { BackupReport } from '../types.ts';
import { bytes, money } from '../units.ts';

/** What the run and the version cost, roughly. */
export function costSection(report: BackupReport): Section {
  const estimate = estimateCost(report);
  const body = 'unknown' in estimate ? md`${estimate.unknown}` : estimateBody(estimate, report);
  return { name: 'cost', variants: [blocks(md`#### Cost`, body)] };
}

function estimateBody(estimate: CostEstimate, { totals, dryRun }: BackupReport): Markdown {
  const run = dryRun ? 'this dry run' : 'this run';
  const requests = estimate.requestsUsd === undefined ? [] : [md`Requests of ${run}: ${money(estimate.requestsUsd)}`];
  const month = money(estimate.storageUsdPerMonth);
  const storage = md`${bytes(totals.bytes)} of this version in ${estimate.storageClass}: ${month} a month`;
  const rows = [...requests, storage, ...estimate.notes.map((note) => md`${note}`)];
  return blocks(md`An estimate at us-east-1 list price, without transfer; check your region.`, list(rows));
}
