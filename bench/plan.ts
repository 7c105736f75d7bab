/** The lines of the benchmark, as the docs explain them. */
export const LINES = {
  a: 'backup of 10,000 source-like files of about 8 KiB',
  b: 'backup of 4 files of 1 GiB, half of each compressible',
  c: 'backup of a again, 1 % of the files changed and every mtime new, on a fresh machine',
  d: 'backup of 100,000 files of about 450 bytes',
  ea: 'restore of a',
  eb: 'restore of b',
  f: 'restore of one file out of a',
} as const;

export type Line = keyof typeof LINES;

export interface Cell {
  readonly line: Line;
  readonly delayMs: number;
  readonly scheme: 'http' | 'https';
}

/** What a plain `npm run bench` runs, in about two hours on two cores: each line, and where latency or TLS makes a difference. */
export const DEFAULT_CELLS: readonly Cell[] = [
  ...(['a', 'b', 'c', 'd', 'ea', 'eb', 'f'] as const).map((line) => ({ line, delayMs: 0, scheme: 'http' as const })),
  ...(['a', 'c', 'ea', 'f'] as const).map((line) => ({ line, delayMs: 30, scheme: 'http' as const })),
  ...(['a', 'b', 'eb'] as const).map((line) => ({ line, delayMs: 0, scheme: 'https' as const })),
];

/** How many times as fast as the best of the others this tool is meant to be. */
export const GOALS: Readonly<Record<Line, number>> = { a: 4, b: 1.4, c: 3, d: 4, ea: 1.5, eb: 1.5, f: 2 };

/** What a step is meant to need at most, on every line. */
export const GOAL_MEMORY_BYTES = 256e6;

/** Requests on line a, at most. */
export const GOAL_REQUESTS = 10;

/** What `layout: files` is meant to be at least as fast as, on line a. */
export const PEER_OF_FILES = 's5cmd';

/** The peak of line d as a multiple of line a's that still counts as flat. */
export const MAX_MEMORY_GROWTH = 1.3;

/** The name of this tool in the tables; its other ways of work begin with it. */
export const OURS = 'ours';
/** The way of work without packs. */
export const FILES = `${OURS}, layout: files`;

/** A contender slower than the best of the first round by this factor is run once, and said to be. */
export const HOPELESS_FACTOR = 5;

/** No run may take longer; a contender that does is not run again. */
export const LIMIT_SECONDS = 150;

/** Fewer do not make a median to publish. */
const MIN_ROUNDS = 5;

export interface Options {
  readonly cells: readonly Cell[];
  /** Names of contenders; absent: all. */
  readonly tools?: readonly string[];
  readonly rounds: number;
  /** Divides the numbers of files and the sizes, to try the benchmark out. */
  readonly shrink: number;
}

const isLine = (name: string): name is Line => Object.hasOwn(LINES, name);

/** Whether what is found is no more than a try: of some contenders only, of less data, or of too few runs. */
export function isTrial({ tools, rounds, shrink }: Options): boolean {
  return tools !== undefined || rounds < MIN_ROUNDS || shrink !== 1;
}

/** @throws Error for an option that is not known */
export function parseOptions(args: readonly string[]): Options {
  const given = new Map<string, string>();
  for (const arg of args) {
    const [, name = '', value = ''] = /^--([a-z]+)=(.+)$/.exec(arg) ?? [];
    if (!['lines', 'tools', 'rounds', 'delays', 'schemes', 'shrink'].includes(name)) {
      throw new Error(
        `${arg} is no option: --lines=a,b --tools=ours,s5cmd --rounds=5 --delays=0,30 --schemes=http,https`,
      );
    }
    given.set(name, value);
  }
  const tools = given.get('tools')?.split(',');
  return {
    cells: cellsOf(given),
    ...(tools && { tools }),
    rounds: Number(given.get('rounds') ?? 5),
    shrink: Number(given.get('shrink') ?? 1),
  };
}

/** Of the default plan those that fit; every combination where latencies or schemes are named. */
function cellsOf(given: ReadonlyMap<string, string>): readonly Cell[] {
  const lines = given.get('lines')?.split(',').filter(isLine) ?? Object.keys(LINES).filter(isLine);
  if (!given.has('delays') && !given.has('schemes')) return DEFAULT_CELLS.filter(({ line }) => lines.includes(line));
  const delays = (given.get('delays') ?? '0').split(',').map(Number);
  const schemes = (given.get('schemes') ?? 'http').split(',').map((name) => (name === 'https' ? 'https' : 'http'));
  return delays.flatMap((delayMs) => schemes.flatMap((scheme) => lines.map((line) => ({ line, delayMs, scheme }))));
}
