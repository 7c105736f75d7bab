import { availableParallelism } from 'node:os';
import type { PackEngine } from '../../pack/engine.ts';
import { InlineEngine } from '../../pack/inline-engine.ts';
import { BATCHES_PER_THREAD, WorkerEngine } from '../../pack/worker-engine.ts';
import type { Selection } from '../../selection/types.ts';
import type { LargeContents } from '../../transfer/large-contents.ts';
import { packedBelow } from '../../transfer/layout.ts';
import { LongFiles } from '../../transfer/long-files.ts';
import { type PackMemory, planPackMemory } from '../../transfer/memory-plan.ts';
import { PackSeries } from '../../transfer/pack-series.ts';
import { Packer } from '../../transfer/packer.ts';
import type { EntryUpload, Packing } from '../../transfer/upload-entries.ts';
import type { BackupRequest } from './request.ts';

/** Up to both of these the work is done before a thread would have started. */
const SMALL_JOB_FILES = 500;
const SMALL_JOB_BYTES = 4 * 1024 * 1024;

/**
 * What is to make the packs of a version, before there is anything to pack: threads take as long to start as it takes to
 * read the index of ten thousand files that the version is built on.
 */
export interface ReadyPacking extends AsyncDisposable {
  readonly plan: PackingPlan;
  readonly engine: PackEngine;
}

interface PackingPlan {
  /** Bytes; smaller files go into packs. */
  readonly below: number;
  readonly memory: PackMemory;
  /** Of the files that go into packs. */
  readonly job: Selection['small'];
}

/** Undefined where this version is to have no packs. */
export function readyPacking(
  request: BackupRequest,
  selection: Pick<Selection, 'small' | 'totals'>,
): ReadyPacking | undefined {
  const plan = planPacking(request, selection);
  if (plan === undefined) return undefined;
  const engine = startEngine(plan, request);
  return { plan, engine, [Symbol.asyncDispose]: () => engine.close() };
}

function planPacking(
  request: BackupRequest,
  { small, totals }: Pick<Selection, 'small' | 'totals'>,
): PackingPlan | undefined {
  const below = packedBelow(request, small.files);
  if (below === 0) return undefined;
  const memory = planPackMemory(request.maxMemory, request.partSize);
  return { below, memory, job: request.layout === 'archive' ? totals : small };
}

/** What makes the packs. */
export function startPacking(
  { plan, engine }: ReadyPacking,
  request: BackupRequest,
  contents: LargeContents,
  { keys, id, turn, attributes, context }: Omit<EntryUpload, 'packing'>,
): Packing {
  const { packSize, compressionLevel: level } = request;
  const packs = new PackSeries({ keys, id, turn, attributes, packSize }, plan.memory, context);
  const long = new LongFiles(packs, contents, level, context);
  return {
    packer: new Packer(engine, packs, context.known, long, context.signal),
    below: plan.below,
  };
}

function startEngine({ job, memory }: PackingPlan, { selection, compressionLevel: level }: BackupRequest): PackEngine {
  const options = { failOnChange: selection.ifFileChanged === 'error', level };
  const threads = Math.min(availableParallelism(), Math.floor(memory.batches / BATCHES_PER_THREAD));
  const isSmall = job.files <= SMALL_JOB_FILES && job.bytes <= SMALL_JOB_BYTES;
  return isSmall || threads === 0 ? new InlineEngine(options) : new WorkerEngine(options, threads);
}
