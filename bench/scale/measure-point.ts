import { closeSync, existsSync, ftruncateSync, mkdirSync, mkdtempSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { Bucket } from '../contender.ts';
import { makeTinyFiles } from '../data.ts';
import { type Command, measure } from '../measure.ts';
import { stepOf } from '../ours.ts';
import type { Sink } from '../sink.ts';
import { LIMIT_SECONDS, type Point } from './plan.ts';
import type { Measured } from './report.ts';

/** What one line does, and what it leaves for the next. */
interface Step {
  readonly line: string;
  /** Begins with an empty bucket. */
  readonly isFirst?: true;
  readonly command: () => Promise<Command>;
}

export interface Places {
  /** Where data are made, and kept for the next time. */
  readonly data: string;
  /** What restores write stays there: see `bench/cell.ts` for what removing it would do to those that follow. */
  readonly scratch: string;
}

/** Measures all lines at one point. */
export async function measurePoint(point: Point, { data, scratch: all }: Places, sink: Sink): Promise<Measured[]> {
  const scratch = mkdtempSync(join(all, 'point-'));
  const bucket = { url: new URL(`http://127.0.0.1:${sink.place.port}`).origin, scratch };
  const steps = point.unit === 'entries' ? entriesSteps(point.size, data, bucket) : bytesSteps(point.size, bucket);
  const found = steps.map(
    ({ line }) => ({ ...point, line, runs: [] }) as Measured & { runs: Measured['runs'][number][] },
  );
  for (let round = 1; round <= point.rounds; round++) {
    for (const [index, { isFirst, command }] of steps.entries()) {
      if (isFirst) await sink.wipe();
      const ready = await command();
      await sink.reset();
      const cost = await measure(ready, LIMIT_SECONDS);
      if ('failure' in cost) throw new Error(`${found[index]?.line} of ${point.size} ${point.unit}: ${cost.failure}`);
      found[index]?.runs.push({ ...cost, requests: (await sink.counts()).requests });
    }
  }
  return found;
}

/** The smallest files there are: what is measured is the entry. */
function entriesSteps(entries: number, directory: string, bucket: Bucket): readonly Step[] {
  const from = join(directory, `entries-${entries}`);
  if (!existsSync(from)) makeTinyFiles(from, entries);
  const step = stepOf('scale', bucket);
  const backup = () => step('action.yml', { path: '**', root: from, incremental: 'auto' });
  return [
    { line: 'backup', isFirst: true, command: backup },
    { line: 'again', command: backup },
    { line: 'verify', command: () => step('verify/action.yml', { level: 'data' }) },
    {
      line: 'restore',
      command: () => step('restore/action.yml', { target: mkdtempSync(join(bucket.scratch, 'restored-')) }),
    },
  ];
}

/** A sparse file costs no disk and is read as fast as memory; the sink keeps no part, and answers zeros for them. */
function bytesSteps(bytes: number, bucket: Bucket): readonly Step[] {
  const from = join(bucket.scratch, 'file');
  mkdirSync(from, { recursive: true });
  const file = openSync(join(from, 'sparse.bin'), 'w');
  ftruncateSync(file, bytes);
  closeSync(file);
  const step = stepOf('scale', bucket);
  const backup = (compression: string, inputs: Readonly<Record<string, string>> = {}) => {
    return () => step('action.yml', { path: '**', root: from, compression, ...inputs });
  };
  const output = { path: '', 'stdin-name': 'output.bin', compression: 'off', incremental: 'off' };
  return [
    { line: 'backup', isFirst: true, command: backup('off') },
    { line: 'verify', command: () => step('verify/action.yml', { level: 'data' }) },
    { line: 'largeParts', isFirst: true, command: backup('off', { 'part-size': '64MiB' }) },
    { line: 'compressed', isFirst: true, command: backup('auto') },
    {
      line: 'command',
      isFirst: true,
      command: () => step('action.yml', { ...output, command: `head -c ${bytes} /dev/zero` }),
    },
  ];
}
