import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Bucket, Contender } from './contender.ts';
import { touchAndChange } from './data.ts';
import { type Command, type Cost, type Failed, measure, prepare } from './measure.ts';
import { type Cell, HOPELESS_FACTOR, LIMIT_SECONDS, OURS } from './plan.ts';
import type { Sink } from './sink.ts';

/** One run of one contender. */
export type Run = (Cost & { readonly requests: number; readonly bytes: number }) | Failed;

/** All runs of one contender in one cell. */
export interface Result {
  readonly cell: Cell;
  readonly tool: string;
  readonly runs: readonly Run[];
  /** Why there are fewer runs than rounds, or none. */
  readonly note?: string;
  /** When and of which code: `2026-11-22, commit 0123abc`. */
  readonly measured?: string;
}

export interface DataPlace {
  /** Directories of the data sets. */
  readonly a: string;
  readonly b: string;
  readonly d: string;
  /** A copy of a that line c may change. */
  readonly c: string;
  readonly sourceFiles: number;
  /** One of a, relative. */
  readonly oneFile: string;
  readonly scratch: string;
}

interface Turn {
  readonly contender: Contender;
  readonly bucket: Bucket;
  readonly runs: Run[];
  note?: string;
}

/**
 * Runs all contenders of a cell in turns, so that what changes on the machine meanwhile meets all of them.
 *
 * Many files that were restored stay until all cells are done: ext4 gives no file the number of one that has been deleted
 * within the last minutes, and looks at each such number whenever it makes one (`recently_deleted` in `fs/ext4/ialloc.c`),
 * so that who comes next would take twice as long.
 */
export async function runCell(
  cell: Cell,
  contenders: readonly Contender[],
  data: DataPlace,
  sink: Sink,
  rounds: number,
): Promise<Result[]> {
  const scratch = mkdtempSync(join(data.scratch, 'cell-'));
  const stored = new Set<string>();
  const turns = contenders.map((contender) => ({ contender, bucket: bucketOf(cell, sink, scratch), runs: [] }) as Turn);
  for (let round = 1; round <= rounds; round++) {
    for (const turn of turns) if (turn.note === undefined) await takeTurn(cell, turn, data, sink, stored);
    if (round === 1) dropHopeless(turns);
  }
  if (!isKept(cell)) rmSync(scratch, { recursive: true, force: true });
  return turns.map(({ contender, runs, note }) => ({ cell, tool: contender.name, runs, ...(note && { note }) }));
}

function bucketOf({ scheme }: Cell, { place }: Sink, scratch: string): Bucket {
  return scheme === 'https'
    ? { url: new URL(`https://127.0.0.1:${place.tlsPort}`).origin, certificate: place.certificate, scratch }
    : { url: new URL(`http://127.0.0.1:${place.port}`).origin, scratch };
}

async function takeTurn(cell: Cell, turn: Turn, data: DataPlace, sink: Sink, stored: Set<string>): Promise<void> {
  const { contender, bucket, runs } = turn;
  const missing = contender.missing();
  if (missing !== undefined) {
    turn.note = missing;
    return;
  }
  const target = join(bucket.scratch, `restored-${contender.name.replaceAll(/\W+/g, '-')}-${runs.length}`);
  try {
    if (!isRestore(cell)) await sink.wipe();
    if (!stored.has(contender.form)) await fill(cell, contender, bucket, data);
    if (isRestore(cell)) stored.add(contender.form);
    mkdirSync(target, { recursive: true });
    const command = await commandOf(cell, contender, bucket, data, target);
    await sink.reset();
    const cost = await measure(command, LIMIT_SECONDS);
    const { requests, bytesIn, bytesOut } = await sink.counts();
    const run = 'failure' in cost ? cost : { ...cost, requests, bytes: isRestore(cell) ? bytesOut : bytesIn };
    runs.push(isRestore(cell) ? checked(cell, run, target, data) : run);
    if ('failure' in run) turn.note = `failed: ${run.failure}`;
  } catch (error) {
    turn.note = `could not be prepared: ${error instanceof Error ? error.message : String(error)}`;
  }
  if (!isKept(cell)) rmSync(target, { recursive: true, force: true });
}

/** Whether what is restored stays until all cells are done: see {@link runCell}. */
function isKept({ line }: Cell): boolean {
  return line === 'ea';
}

function isRestore({ line }: Cell): boolean {
  return line === 'ea' || line === 'eb' || line === 'f';
}

/** Times that c was changed: each contender has to meet files that are new to it. */
let changes = 0;

/** What has to be in the bucket, and on the disk, before the run. */
async function fill(cell: Cell, contender: Contender, bucket: Bucket, data: DataPlace): Promise<void> {
  const setUp = await contender.setUp?.(bucket);
  if (setUp !== undefined) await prepare(setUp);
  if (cell.line === 'a' || cell.line === 'b' || cell.line === 'd') return;
  await prepare(await contender.backup(bucket, cell.line === 'c' ? data.c : cell.line === 'eb' ? data.b : data.a));
  if (cell.line === 'c') touchAndChange(data.c, data.sourceFiles, ++changes);
}

function commandOf(
  cell: Cell,
  contender: Contender,
  bucket: Bucket,
  data: DataPlace,
  target: string,
): Promise<Command> | Command {
  switch (cell.line) {
    case 'a':
    case 'b':
    case 'd':
      return contender.backup(bucket, data[cell.line]);
    case 'c':
      return contender.again(bucket, data.c);
    case 'f':
      return contender.one(bucket, data.oneFile, target);
    default:
      return contender.restore(bucket, target);
  }
}

/** A restore that brought fewer files than there are is no number. */
function checked(cell: Cell, run: Run, target: string, data: DataPlace): Run {
  const found = filesIn(target);
  const expected = cell.line === 'f' ? 1 : filesIn(cell.line === 'eb' ? data.b : data.a);
  return found === expected || 'failure' in run ? run : { failure: `restored ${found} of ${expected} files` };
}

function filesIn(directory: string): number {
  if (!existsSync(directory)) return 0;
  return readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length;
}

function dropHopeless(turns: readonly Turn[]): void {
  const wall = ({ runs: [first] }: Turn) => (first && 'wallSeconds' in first ? first.wallSeconds : Number.NaN);
  const best = Math.min(...turns.map(wall).filter((seconds) => !Number.isNaN(seconds)));
  for (const turn of turns.filter(({ contender }) => !contender.name.startsWith(OURS))) {
    if (wall(turn) > HOPELESS_FACTOR * best)
      turn.note ??= `run once: slower than the best by more than ${HOPELESS_FACTOR}×`;
  }
}
