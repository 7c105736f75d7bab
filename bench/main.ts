/**
 * Measures this tool against what people use today: `npm run bench`. Linux, with gcc, OpenSSL and GNU time; peers are
 * taken from PATH. What it found is printed, kept in `results.json` and written into docs/performance.md, cell by cell.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join, relative } from 'node:path';
import { type DataPlace, type Result, runCell } from './cell.ts';
import { type Contender, programs } from './contender.ts';
import { FULL_SIZES, makeLargeFiles, makeSourceFiles, makeTinyFiles } from './data.ts';
import { merged } from './merge.ts';
import { ours } from './ours.ts';
import { PEERS } from './peers.ts';
import { type Cell, FILES, isTrial, type Line, type Options, OURS, parseOptions } from './plan.ts';
import { cellTitle, type Results, table } from './report.ts';
import { Sink } from './sink.ts';
import { writeDocs } from './write-docs.ts';

const PLAIN = `${OURS}, compression: off`;
/** Other ways of work of this tool, and the lines where they make a difference. */
const WAYS: Readonly<Record<string, readonly Line[]>> = { [FILES]: ['a', 'ea'], [PLAIN]: ['b', 'eb'] };

const CONTENDERS: readonly Contender[] = [
  ours(OURS),
  ours(FILES, { layout: 'files' }),
  ours(PLAIN, { compression: 'off' }),
  ...PEERS,
];
/** The CRT client of aws-cli 2.9 looks at no port but these, which only root may listen on. */
const [PORT, TLS_PORT] = process.getuid?.() === 0 ? [80, 443] : [9_800, 9_843];
const RESULTS = join(import.meta.dirname, 'results.json');

// Each of our runs leaves a folder to be removed at the end.
process.setMaxListeners(0);

const options = parseOptions(process.argv.slice(2));
const directory = join(tmpdir(), 'versioned-s3-backup-bench');
const data = await makeData(directory, options);
for (const cell of options.cells) publish(await measureCell(cell));
rmSync(data.scratch, { recursive: true, force: true });

async function measureCell(cell: Cell): Promise<Result[]> {
  const keepAll = cell.line === 'ea' || cell.line === 'eb' || cell.line === 'f';
  await using sink = await Sink.start({ directory, port: PORT, tlsPort: TLS_PORT, delayMs: cell.delayMs, keepAll });
  const found = await runCell(cell, contendersOf(cell), data, sink, options.rounds);
  console.log(`\n${cellTitle(cell)}\n\n${table(found)}`);
  return found;
}

function contendersOf({ line }: Cell): readonly Contender[] {
  return CONTENDERS.filter(({ name }) => options.tools?.includes(name) ?? true).filter(
    ({ name }) => WAYS[name]?.includes(line) ?? true,
  );
}

async function makeData(place: string, { cells, shrink }: Options): Promise<DataPlace> {
  const at = (name: string) => join(place, `${name}-${shrink}`);
  const sourceFiles = Math.floor(FULL_SIZES.sourceFiles / shrink);
  const needs = (lines: string) => cells.some(({ line }) => lines.includes(line));
  mkdirSync(place, { recursive: true });
  if (!existsSync(at('a'))) makeSourceFiles(at('a'), sourceFiles);
  if (needs('d') && !existsSync(at('d'))) makeTinyFiles(at('d'), Math.floor(FULL_SIZES.tinyFiles / shrink));
  if (needs('beb') && !existsSync(at('b'))) {
    await makeLargeFiles(at('b'), FULL_SIZES.largeFiles, Math.ceil(FULL_SIZES.largeBytes / shrink / 2 ** 20) * 2 ** 20);
  }
  if (needs('c')) {
    rmSync(at('c'), { recursive: true, force: true });
    cpSync(at('a'), at('c'), { recursive: true });
  }
  return {
    a: at('a'),
    b: at('b'),
    c: at('c'),
    d: at('d'),
    sourceFiles,
    oneFile: lastFile(at('a')),
    scratch: mkdtempSync(join(place, 'run-')),
  };
}

function lastFile(from: string): string {
  const files = readdirSync(from, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return (
    files
      .map((entry) => relative(from, join(entry.parentPath, entry.name)))
      .sort()
      .at(-1) ?? ''
  );
}

/** After each cell, so that a run that ends early leaves what it has; what only tries the benchmark out is not kept. */
function publish(found: readonly Result[]): void {
  if (isTrial(options)) return;
  const earlier = existsSync(RESULTS) ? (JSON.parse(readFileSync(RESULTS, 'utf8')) as Results) : undefined;
  const date = new Date().toISOString().slice(0, 10);
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  const results = found.map((result) => ({ ...result, measured: `${date}, commit ${commit}` }));
  const all = merged(earlier, { machine: machine(), rounds: options.rounds, results });
  writeFileSync(RESULTS, `${JSON.stringify(all, undefined, 1)}\n`);
  writeDocs();
}

function machine(): string[] {
  const [cpu] = cpus();
  const versions = [
    ['s5cmd', 'version'],
    ['rclone', 'version'],
    ['restic', 'version'],
    ['s3cmd', '--version'],
  ] as const;
  const aws = programs('aws').map((path) => execFileSync(path, ['--version'], { encoding: 'utf8' }).trim());
  return [
    `${cpus().length} × ${cpu?.model ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux, loopback, Node ${process.versions.node}`,
    ...versions.flatMap(([name, argument]) => {
      if (programs(name).length === 0) return [`${name}: not here`];
      const [line = ''] = execFileSync(name, [argument], { encoding: 'utf8' }).split('\n');
      return [line.startsWith(name) ? line : `${name} ${line}`];
    }),
    aws.find((line) => line.includes('aws-cli/2'))?.split(' ')[0] ?? 'aws-cli 2: not here',
  ];
}
