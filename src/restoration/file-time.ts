import { parseMtime } from '../series/mtime.ts';

const NS_PER_SECOND = 1_000_000_000n;

/** Node takes seconds as a floating point number, which at this time of the century is good to 0.12 µs. */
export function secondsOf(mtime: string): number {
  const ns = parseMtime(mtime) ?? 0n;
  return Number(ns / NS_PER_SECOND) + Number(ns % NS_PER_SECOND) / Number(NS_PER_SECOND);
}
