import { blocks, codeBlock, details, firstOf, list, table } from '../blocks.ts';
import type { Section } from '../budget.ts';
import { code, EMPTY, type Markdown, md } from '../markdown.ts';
import { deletedAmount, keptCount, type PlanRow, planRows } from '../plan.ts';
import type { PruneReport, ReportedPlace } from '../types.ts';
import { bytes, count } from '../units.ts';

/** Shown at once; the rest is folded away. */
const OPEN_ROWS = 20;
const FOLDED_ROWS = 500;
const MAX_IDS = 20;

const COLUMNS = [
  { title: 'Version', align: 'right' as const },
  { title: 'Time' },
  { title: 'Type' },
  { title: 'Decision' },
  { title: 'Why' },
];

const FREE_SPACE = 'Set prune-noncurrent to true, or add a lifecycle rule, to free the space.';

/** Days of grace in the rule that is proposed. */
const GRACE_DAYS = 7;

/** Where the series is; a backup and a prune each have it under a name of their own. */
type Place = Pick<ReportedPlace, 'prefix' | 'series'>;

/** What was kept and what was removed, and why. */
export function retentionSection(
  report: { readonly prune: PruneReport } & ({ readonly location: Place } | { readonly place: Place }),
): Section {
  const { prune } = report;
  const place = 'location' in report ? report.location : report.place;
  const head = blocks(md`#### Retention`, outcome(prune), onlyHidden(prune, place));
  if (prune.outcome === 'off') return { name: 'retention', variants: [head] };
  const rows = planRows(prune);
  const open = blocks(head, planTable(rows.slice(0, OPEN_ROWS)));
  const lists = blocks(
    idList('still there', prune.skipped, skippedItem),
    abandoned(prune),
    uploads(prune),
    idList('hidden by earlier prunes, erased', prune.erased ?? [], code),
  );
  return {
    name: 'retention',
    variants: [blocks(open, foldedRows(rows), lists), blocks(open, lists), open, head],
  };
}

function outcome(prune: PruneReport): Markdown {
  const removed = count(prune.removed.length, 'version');
  const kept = count(keptCount(prune), 'version');
  const amount = deletedAmount(prune);
  switch (prune.outcome) {
    case 'off':
      return md`No pruning was asked for, so every version is kept.`;
    case 'planned':
      return md`${removed} would be removed (${amount}), ${kept} kept.`;
    case 'done':
      return md`${removed} removed (${amount}), ${kept} kept.`;
    case 'failed':
      if (prune.stopped) return md`**Stopped:** ${prune.failure ?? ''}`;
      return md`**Failed:** ${prune.failure ?? 'the reason is in the log.'} ${removed} removed before that.`;
  }
}

/** Also what killed runs left, or an older version of which newer ones needed a part, takes its space still. */
function onlyHidden(prune: PruneReport, place: Place): Markdown {
  const { onlyHidden: hidden, outcome: state, removed, deletedBytes, isAtMost } = prune;
  if (!hidden || (removed.length === 0 && deletedBytes === 0)) return EMPTY;
  const what = state === 'planned' ? 'what this prune removes would be' : 'what this prune removed is';
  return blocks(
    md`The bucket keeps old object versions: ${what} hidden by delete markers and still billed, ${isAtMost ? 'up to ' : ''}${bytes(deletedBytes)} of it. ${FREE_SPACE}`,
    details(md`The lifecycle rule`, lifecycleRule(place)),
  );
}

/** Safe for backups: it only takes what is hidden, and what killed uploads left. */
function lifecycleRule({ prefix, series }: Place): Markdown {
  const Prefix = `${prefix === '' ? '' : `${prefix}/`}${series}/`;
  const rule = {
    ID: 'erase-hidden-backups',
    Status: 'Enabled',
    Filter: { Prefix },
    NoncurrentVersionExpiration: { NoncurrentDays: GRACE_DAYS },
    Expiration: { ExpiredObjectDeleteMarker: true },
    AbortIncompleteMultipartUpload: { DaysAfterInitiation: GRACE_DAYS },
  };
  return blocks(
    codeBlock(JSON.stringify({ Rules: [rule] }, undefined, 2), 'json'),
    md`For ${code('aws s3api put-bucket-lifecycle-configuration')}, which replaces all rules there are: add it to them.`,
  );
}

function planTable(rows: readonly PlanRow[]): Markdown {
  return table(COLUMNS, rows.map(planRow));
}

function planRow({ number, time, type, fate, why }: PlanRow): Markdown[] {
  const decision = fate === 'kept' ? md`kept` : md`**${fate}**`;
  return [md`${number}`, md`${time}`, md`${type}`, decision, md`${why}`];
}

function foldedRows(rows: readonly PlanRow[]): Markdown {
  const folded = rows.slice(OPEN_ROWS, OPEN_ROWS + FOLDED_ROWS);
  const rest = rows.length - OPEN_ROWS - folded.length;
  const note = rest > 0 ? md`${count(rest, 'older version')} not shown.` : EMPTY;
  return details(md`${count(folded.length, 'older version')}`, blocks(planTable(folded), note));
}

function skippedItem({ id, reason }: PruneReport['skipped'][number]): Markdown {
  return md`${code(id)}: ${reason}`;
}

function abandoned({ abandoned: ids, outcome: state }: PruneReport): Markdown {
  const what =
    state === 'planned' ? 'left behind by killed runs, would be cleaned up' : 'left behind by killed runs, cleaned up';
  return idList(what, ids, code);
}

function uploads({ uploads: ended, outcome: state }: PruneReport): Markdown {
  if (ended === undefined) return EMPTY;
  const title = md`${count(ended.count, 'upload')} that ${ended.count === 1 ? 'was' : 'were'} left open, ${state === 'planned' ? 'would be ended' : 'ended'}`;
  return details(title, list(firstOf(ended.examples, MAX_IDS, code, ended.count)));
}

function idList<T>(what: string, items: readonly T[], render: (item: T) => Markdown): Markdown {
  const shown = list(firstOf(items, MAX_IDS, render));
  return items.length === 0 ? EMPTY : details(md`${count(items.length, 'version')} ${what}`, shown);
}
