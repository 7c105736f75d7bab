import { BackupError } from '../errors.ts';
import type { VersionType } from './model.ts';

/** Numbers are padded to this width so that keys sort; larger numbers are still read. */
export const NUMBER_DIGITS = 6;

/** The largest number with the fifteen digits that are read; doubles hold it exactly. */
export const MAX_NUMBER = 999_999_999_999_999;

export interface VersionIdParts {
  readonly series: string;
  readonly type: VersionType;
  /** Whole seconds, UTC, by the store's clock. */
  readonly time: Date;
  /** 1, 2, 3 … */
  readonly number: number;
}

const ID = /^(.+)_(full|incremental)_(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z_(\d{6,15})$/;

/** `42` → `000042` */
export function formatNumber(number: number): string {
  return String(number).padStart(NUMBER_DIGITS, '0');
}

/** `000042` → 42; undefined for anything {@link formatNumber} would not write. */
export function parseNumber(text: string): number | undefined {
  const number = /^\d{6,15}$/.test(text) ? Number(text) : 0;
  return number > 0 && formatNumber(number) === text ? number : undefined;
}

/** `<series>_<type>_<YYYYMMDDTHHMMSSZ>_<number, 6 digits>` */
export function formatVersionId({ series, type, time, number }: VersionIdParts): string {
  const stamp = time.toISOString().replace(/[-:]|\.\d+/g, '');
  return `${series}_${type}_${stamp}_${formatNumber(number)}`;
}

/** The inverse of {@link formatVersionId}; undefined for text it would not write. */
export function parseVersionId(id: string): VersionIdParts | undefined {
  const match = ID.exec(id);
  if (match === null) return undefined;
  const [, series = '', type, year, month, day, hour, minute, second, digits = ''] = match;
  const time = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  const number = parseNumber(digits);
  if (Number.isNaN(time.getTime()) || number === undefined) return undefined;
  const parts: VersionIdParts = { series, type: type as VersionType, time, number };
  return formatVersionId(parts) === id ? parts : undefined;
}

/** @throws BackupError of class `permanent` for text that is no version ID */
export function versionIdOf(id: string): VersionIdParts {
  const parts = parseVersionId(id);
  if (parts === undefined) {
    throw new BackupError(`${JSON.stringify(id)} is not a version ID.`, { class: 'permanent', found: id });
  }
  return parts;
}
