import {
  BYTES_PER_BILLED_GB,
  CLASS_PRICES,
  type ClassPrice,
  DEFAULT_STORAGE_CLASS,
  READS_USD_PER_THOUSAND,
  STANDARD_PRICE,
} from './prices.ts';
import type { BackupReport } from './types.ts';
import { bytes, count, money } from './units.ts';

const MS_PER_DAY = 86_400_000;

export type CostInput = Pick<BackupReport, 'location' | 'version' | 'totals' | 'requests' | 'prune'>;

export interface CostEstimate {
  readonly storageClass: string;
  /** US dollars for the requests of this run; absent where the price of the class is not known. */
  readonly requestsUsd?: number;
  /** US dollars a month for the files of this version. */
  readonly storageUsdPerMonth: number;
  /** What the numbers leave out, and what is likely to surprise on the bill. One sentence each, unescaped. */
  readonly notes: readonly string[];
}

export interface NoCostEstimate {
  /** One sentence, unescaped. */
  readonly unknown: string;
}

/** An estimate at list price, or why there is none. */
export function estimateCost(input: CostInput): CostEstimate | NoCostEstimate {
  const { endpoint, storageClass = DEFAULT_STORAGE_CLASS } = input.location;
  if (endpoint !== undefined) {
    return { unknown: `There is no estimate, as the prices of ${endpoint} are not known.` };
  }
  const price = CLASS_PRICES.get(storageClass);
  if (price === undefined) {
    return { unknown: `There is no estimate, as the price of storage class ${storageClass} is not known.` };
  }
  return {
    storageClass,
    ...requestCost(input.requests, price),
    storageUsdPerMonth: storageCost(input.totals, price),
    notes: notes(input, storageClass, price),
  };
}

function requestCost(requests: BackupReport['requests'], price: ClassPrice): Pick<CostEstimate, 'requestsUsd'> {
  if (price.writesUsdPerThousand === undefined) return {};
  return {
    requestsUsd: (requests.writes * price.writesUsdPerThousand + requests.reads * READS_USD_PER_THOUSAND) / 1000,
  };
}

/** A lower bound where a class has a minimum size, as only the sum of the sizes is known here. */
function storageCost({ files, bytes: fileBytes }: BackupReport['totals'], price: ClassPrice): number {
  const { classBytes = 0, standardBytes = 0 } = price.overhead ?? {};
  const billedBytes = Math.max(fileBytes, files * (price.minimumBilledBytes ?? 0)) + files * classBytes;
  const inClass = (billedBytes / BYTES_PER_BILLED_GB) * price.storageUsdPerGbMonth;
  return inClass + ((files * standardBytes) / BYTES_PER_BILLED_GB) * STANDARD_PRICE.storageUsdPerGbMonth;
}

function notes(input: CostInput, storageClass: string, price: ClassPrice): string[] {
  return [
    requestNote(storageClass, price),
    durationNote(input, storageClass, price),
    sizeNote(input, storageClass, price),
    overheadNote(storageClass, price),
    monitoringNote(input, price),
    retrievalNote(storageClass, price),
  ].filter((note) => note !== undefined);
}

function requestNote(storageClass: string, price: ClassPrice): string | undefined {
  if (price.writesUsdPerThousand !== undefined) return undefined;
  return `The price of a request that writes to ${storageClass} is not known here, so requests are left out.`;
}

function durationNote(input: CostInput, storageClass: string, { minimumDays }: ClassPrice): string | undefined {
  if (minimumDays === undefined) return undefined;
  const rule = `${storageClass} bills every object for at least ${minimumDays} days, even if it is deleted earlier`;
  const early = removedYoungerThan(minimumDays, input);
  if (early === 0) return `${rule}.`;
  const fate = input.prune.outcome === 'planned' ? 'that would be removed' : 'removed here';
  return `${rule}: ${count(early, 'version')} ${fate} ${early === 1 ? 'is' : 'are'} younger than that.`;
}

function removedYoungerThan(days: number, { prune, version }: CostInput): number {
  const removed = new Set(prune.removed);
  const earliest = version.time.getTime() - days * MS_PER_DAY;
  return prune.decisions.filter(
    (decision) => removed.has(decision.version.id) && decision.version.time.getTime() > earliest,
  ).length;
}

function sizeNote({ totals }: CostInput, storageClass: string, { minimumBilledBytes }: ClassPrice): string | undefined {
  if (minimumBilledBytes === undefined || totals.files === 0) return undefined;
  const average = Math.round(totals.bytes / totals.files);
  const rule = `${storageClass} bills every object as at least ${bytes(minimumBilledBytes)}`;
  if (average >= minimumBilledBytes) return `${rule}, so small files cost more than their bytes.`;
  return `${rule} and the average file has ${bytes(average)}: STANDARD may be cheaper.`;
}

function overheadNote(storageClass: string, { overhead }: ClassPrice): string | undefined {
  if (overhead === undefined) return undefined;
  const total = bytes(overhead.classBytes + overhead.standardBytes);
  return `${storageClass} bills ${total} on top of every object; that is part of the estimate.`;
}

function monitoringNote({ totals }: CostInput, price: ClassPrice): string | undefined {
  if (price.monitoringUsdPerThousandObjects === undefined) return undefined;
  const usd = (totals.files * price.monitoringUsdPerThousandObjects) / 1000;
  return `Monitoring adds up to ${money(usd)} a month; objects below 128 KiB are neither monitored nor moved to a cheaper tier.`;
}

function retrievalNote(storageClass: string, { retrieval }: ClassPrice): string | undefined {
  if (retrieval === 'fee') return `Reading objects of ${storageClass} is billed by the byte.`;
  if (retrieval === 'restore')
    return `Objects of ${storageClass} have to be restored, for a fee, before they can be read.`;
  return undefined;
}
