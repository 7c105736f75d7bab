export const GIB = 2 ** 30;

/** What grows. */
export type Unit = 'entries' | 'bytes';

/** What is measured at each point, in this order: what the first stores, the others find. */
export const LINES = {
  entries: {
    backup: 'backup, full',
    again: 'backup, incremental, nothing changed',
    verify: 'verify, every byte read',
    restore: 'restore',
  },
  bytes: {
    backup: 'backup of a file',
    verify: 'verify, every byte read',
    largeParts: 'backup of a file in parts of 64 MiB',
    compressed: 'backup of a file, compressed',
    command: 'backup of the output of a command',
  },
} as const satisfies Readonly<Record<Unit, Readonly<Record<string, string>>>>;

export type EntriesLine = keyof typeof LINES.entries;
export type BytesLine = keyof typeof LINES.bytes;

/** Entries, or bytes of one file; smallest first. */
const FULL_SIZES: Readonly<Record<Unit, readonly number[]>> = {
  entries: [1_000, 10_000, 100_000, 1_000_000],
  bytes: [GIB, 10 * GIB, 50 * GIB],
};

/** Runs of the smallest point, which everything is compared with, and of the others. */
const ROUNDS = [5, 1] as const;

/** No run may take longer. */
export const LIMIT_SECONDS = 3_600;

/** What a point may cost, as a multiple of the smallest. */
export const MAX_GROWTH = 1.3;

export interface Point {
  readonly unit: Unit;
  readonly size: number;
  readonly rounds: number;
}

export interface Options {
  readonly points: readonly Point[];
  /** Smaller or fewer runs than planned: what is found is only printed. */
  readonly isTrial: boolean;
}

/** @throws Error for an option that is not known */
export function parseOptions(args: readonly string[]): Options {
  const given = new Map(args.map(parseOption));
  const shrink = Number(given.get('shrink') ?? 1);
  const rounds = given.get('rounds');
  const units = given.get('units')?.split(',') ?? Object.keys(FULL_SIZES);
  const points = Object.entries(FULL_SIZES)
    .filter(([unit]) => units.includes(unit))
    .flatMap(([unit, sizes]) =>
      sizes.map((size, index) => ({
        unit: unit as Unit,
        size: Math.round(size / shrink),
        rounds: rounds === undefined ? (index === 0 ? ROUNDS[0] : ROUNDS[1]) : Number(rounds),
      })),
    );
  return { points, isTrial: given.has('shrink') || given.has('rounds') };
}

function parseOption(arg: string): [name: string, value: string] {
  const [, name = '', value = ''] = /^--([a-z]+)=(.+)$/.exec(arg) ?? [];
  if (!['units', 'rounds', 'shrink'].includes(name)) {
    throw new Error(`${arg} is no option: --units=entries,bytes --rounds=1 --shrink=10`);
  }
  return [name, value];
}
