/**
 * Measures how time and memory grow with the number of entries and with the size of a file: `npm run bench:scale`. Linux,
 * with gcc, OpenSSL and GNU time. What it found is printed, kept in `results.json` and written into docs/.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { replaceBetween } from '../../scripts/markers.ts';
import { Sink } from '../sink.ts';
import { growthSvg } from './charts.ts';
import { measurePoint } from './measure-point.ts';
import { parseOptions, type Unit } from './plan.ts';
import { growthTable, type Measured, type ScaleResults, scaleMarkdown, unitsIn } from './report.ts';

const [PORT, TLS_PORT] = [9_700, 9_743];
const RESULTS = join(import.meta.dirname, 'results.json');
const DOCS = join(import.meta.dirname, '..', '..', 'docs');

// Each of our runs leaves a folder to be removed at the end.
process.setMaxListeners(0);

const { points, isTrial } = parseOptions(process.argv.slice(2));
const directory = join(tmpdir(), 'versioned-s3-backup-scale');
mkdirSync(directory, { recursive: true });
const places = { data: directory, scratch: mkdtempSync(join(directory, 'scratch-')) };
const found: Measured[] = [];
for (const point of points) {
  const keepAll = point.unit === 'entries';
  await using sink = await Sink.start({ directory, port: PORT, tlsPort: TLS_PORT, delayMs: 0, keepAll });
  found.push(...(await measurePoint(point, places, sink)));
  console.log(`${new Date().toISOString()} ${point.size} ${point.unit} done`);
}
rmSync(places.scratch, { recursive: true, force: true });
for (const unit of unitsIn(found)) console.log(`\n${growthTable(found, unit)}`);
if (!isTrial) {
  const points = [...earlierOfOthers(unitsIn(found)), ...found];
  publish({ date: new Date().toISOString().slice(0, 10), machine: machine(), points });
}

/** What an earlier run on this machine found about units that were not asked for now. */
function earlierOfOthers(units: readonly Unit[]): readonly Measured[] {
  if (!existsSync(RESULTS)) return [];
  const earlier = JSON.parse(readFileSync(RESULTS, 'utf8')) as ScaleResults;
  return earlier.machine === machine() ? earlier.points.filter(({ unit }) => !units.includes(unit)) : [];
}

function publish(results: ScaleResults): void {
  writeFileSync(RESULTS, `${JSON.stringify(results, undefined, 1)}\n`);
  for (const unit of unitsIn(results.points)) {
    writeFileSync(join(DOCS, `growth-${unit}.svg`), growthSvg(results.points, unit));
  }
  const page = join(DOCS, 'performance.md');
  writeFileSync(page, replaceBetween(readFileSync(page, 'utf8'), 'scale', scaleMarkdown(results)));
}

function machine(): string {
  const [cpu] = cpus();
  return `${cpus().length} × ${cpu?.model ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux, loopback, Node ${process.versions.node}`;
}
