import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RetentionPolicy } from '../../src/retention/types.ts';
import { isRelease, TIMES } from './restic/times.ts';
import { keptNumbers, planOf, span, versionAt } from './versions.ts';

/** Each asks restic once, which takes it half a second for its password. */
const POLICIES: readonly RetentionPolicy[] = [
  ...[1, 2, 3, 50, 200].map((keepLast) => ({ keepLast })),
  ...[1, 2, 17, 100].map((keepHourly) => ({ keepHourly })),
  ...[1, 2, 7, 41, 60, 200].map((keepDaily) => ({ keepDaily })),
  ...[1, 2, 6, 9, 21, 100].map((keepWeekly) => ({ keepWeekly })),
  ...[1, 3, 12, 16, 100].map((keepMonthly) => ({ keepMonthly })),
  ...[1, 2, 3, 4, 20].map((keepYearly) => ({ keepYearly })),
  ...['1h', '8h', '1d', '7d', '30d', '1m', '2m', '1y', '1y1m', '2y5m7d3h', '20y'].map((text) => ({
    keepWithin: span(text),
  })),
  { keepTags: [{ key: 'release' }] },
  { keepLast: 3, keepTags: [{ key: 'release' }] },
  { keepLast: 3, keepHourly: 5, keepDaily: 7, keepWeekly: 4, keepMonthly: 12, keepYearly: 3 },
  { keepDaily: 7, keepWeekly: 4, keepMonthly: 6 },
  { keepHourly: 24, keepYearly: 10, keepWithin: span('2d') },
];

/**
 * The one rule that is not restic's: a month before 31 March is for it the 31st of February, which it takes for 3 March,
 * and for us 28 February. Snapshots between the two stay here and not there.
 */
function staysHereOnly({ keepWithin }: RetentionPolicy, moment: string): boolean {
  const isShortened = keepWithin !== undefined && keepWithin.months % 12 !== 0;
  return isShortened && ['02-28', '03-01', '03-02', '03-03'].includes(moment.slice(5, 10));
}

/**
 * Times, and of equal ones how many: restic has no order for snapshots of one second and keeps any of them, where here the
 * number decides.
 */
function moments(numbers: readonly number[]): string[] {
  const seen = new Map<string, number>();
  return numbers.map((number) => {
    const time = TIMES[number - 1] ?? '';
    const count = (seen.get(time) ?? 0) + 1;
    seen.set(time, count);
    return `${time} ${count}`;
  });
}

const NEWEST = moments([TIMES.length])[0];

const hasRestic = spawnSync('restic', ['version']).status === 0;
/** On a developer's machine restic may be missing; where it must not, its absence is a failure. */
const required = process.env.CI === 'true';

const versions = TIMES.map((time, index) => versionAt(index + 1, time, isRelease(index + 1) ? { release: '' } : {}));

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'restic-'));
  execFileSync('tar', ['-xzf', join(import.meta.dirname, 'restic/repository.tar.gz'), '-C', directory]);
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

it('has enough to compare, and something to compare with', () => {
  expect(TIMES.length).toBeGreaterThanOrEqual(100);
  expect(POLICIES.length).toBeGreaterThanOrEqual(40);
  expect(hasRestic || !required).toBe(true);
});

(hasRestic ? describe : describe.skip)('restic forget --dry-run', () => {
  it.each(POLICIES.map((policy) => ({ flags: flagsOf(policy).join(' '), policy })))('$flags', ({ policy }) => {
    const theirs = keptByRestic(flagsOf(policy));
    const ours = moments(keptNumbers(planOf(versions, policy)));
    const hereOnly = ours.filter((moment) => !theirs.kept.includes(moment));
    const thereOnly = theirs.kept.filter((moment) => !ours.includes(moment));
    // The newest always stays here; newer releases of restic keep the oldest for every rule that has room left.
    expect(hereOnly.filter((moment) => moment !== NEWEST && !staysHereOnly(policy, moment))).toEqual([]);
    expect(thereOnly.filter((moment) => !theirs.oldest.includes(moment))).toEqual([]);
  });
});

function flagsOf({ keepWithin, keepTags = [], ...counts }: RetentionPolicy): string[] {
  const flag = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return [
    ...Object.entries(counts).map(([name, count]) => `--${flag(name)}=${count}`),
    ...(keepWithin === undefined ? [] : [`--keep-within=${keepWithin.text}`]),
    ...keepTags.map(({ key }) => `--keep-tag=${key}`),
  ];
}

interface Snapshot {
  readonly tags: readonly string[];
}

interface Forgotten {
  readonly keep: readonly Snapshot[] | null;
  readonly reasons: readonly { readonly snapshot: Snapshot; readonly matches: readonly string[] }[] | null;
}

/** @returns `oldest`: those that it keeps only for being the oldest */
function keptByRestic(flags: readonly string[]): { readonly kept: string[]; readonly oldest: string[] } {
  const args = ['--no-cache', '--no-lock', 'forget', '--dry-run', '--json', '--group-by=', ...flags];
  const env = {
    PATH: process.env.PATH,
    TZ: 'UTC',
    RESTIC_PASSWORD: 'test',
    RESTIC_REPOSITORY: join(directory, 'repository'),
  };
  const [group]: Forgotten[] = JSON.parse(execFileSync('restic', args, { env, encoding: 'utf8' }));
  const onlyOldest = (group?.reasons ?? []).filter(({ matches }) =>
    matches.every((match) => match.startsWith('oldest')),
  );
  return {
    kept: moments((group?.keep ?? []).map(numberOf)),
    oldest: moments(onlyOldest.map(({ snapshot }) => numberOf(snapshot))),
  };
}

function numberOf({ tags }: Snapshot): number {
  return Number(tags.find((tag) => /^n\d+$/.test(tag))?.slice(1));
}
