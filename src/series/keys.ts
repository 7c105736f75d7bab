import { createHash } from 'node:crypto';
import { MAX_KEY_BYTES, type ObjectKey, objectKey, pathProblem } from '../store/object-key.ts';
import { formatNumber, parseNumber, parseVersionId, type VersionIdParts } from './version-id.ts';

const RECORD_SUFFIX = '.json';
const INDEX_NAME = 'index.ndjson.zst';

/** Where a series lives: `<prefix>/<series>/`, everything of it below that and nothing else of ours. */
export interface SeriesLocation {
  /** Without slashes at its ends; may be empty. */
  readonly prefix: string;
  readonly series: string;
}

/** A turn is never 1: that is the claim itself. */
const CLAIM_NAME = /^(\d+)(?:\.([2-9]|[1-9]\d{1,5})|_([0-9a-f]+))?$/;

export interface ClaimKeyParts {
  readonly number: number;
  /** Of an attempt that goes on under the claim of an earlier one: 2, 3 … Absent of the first. */
  readonly turn?: number;
  /** Only in stores without conditional writes, where every claim has a key of its own. */
  readonly nonce?: string;
}

/** Names of the rules for `name`: one path segment of characters that are safe in keys, URLs and shells. */
export const SERIES_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/**
 * All keys of one series, both ways: built here, and parsed here when a listing brings them back. A key that does not
 * parse is not ours and is left alone.
 */
export class SeriesKeys {
  readonly location: SeriesLocation;
  /** `<prefix>/<series>/` */
  readonly base: string;

  constructor(location: SeriesLocation) {
    this.location = location;
    this.base = location.prefix === '' ? `${location.series}/` : `${location.prefix}/${location.series}/`;
  }

  get claimsPrefix(): string {
    return `${this.base}claims/`;
  }

  get versionsPrefix(): string {
    return `${this.base}versions/`;
  }

  get pinsPrefix(): string {
    return `${this.base}pins/`;
  }

  /**
   * `claims/000042.json`, `claims/000042.2.json` of an attempt that goes on with it, or `claims/000042_<nonce>.json` in a
   * store without conditional writes.
   */
  claim({ number, turn, nonce }: ClaimKeyParts): ObjectKey {
    const name = `${formatNumber(number)}${turn === undefined ? '' : `.${turn}`}${nonce === undefined ? '' : `_${nonce}`}`;
    return objectKey(`${this.claimsPrefix}${name}${RECORD_SUFFIX}`);
  }

  parseClaim(key: string): ClaimKeyParts | undefined {
    const [, digits = '', turn, nonce] = CLAIM_NAME.exec(this.#stem(key, this.claimsPrefix)) ?? [];
    const number = parseNumber(digits);
    if (number === undefined) return undefined;
    return { number, ...(turn !== undefined && { turn: Number(turn) }), ...(nonce !== undefined && { nonce }) };
  }

  record(id: string): ObjectKey {
    return objectKey(`${this.versionsPrefix}${id}${RECORD_SUFFIX}`);
  }

  /** The ID in a record's key; undefined for keys that are not records of this series. */
  parseRecord(key: string): VersionIdParts | undefined {
    const parts = parseVersionId(this.#stem(key, this.versionsPrefix));
    return parts?.series === this.location.series ? parts : undefined;
  }

  pin(number: number): ObjectKey {
    return objectKey(`${this.pinsPrefix}${formatNumber(number)}${RECORD_SUFFIX}`);
  }

  parsePin(key: string): number | undefined {
    return parseNumber(this.#stem(key, this.pinsPrefix));
  }

  /** All data of all versions. */
  get dataRoot(): string {
    return `${this.base}data/`;
  }

  /** All data of a version: its files, packs and index. */
  dataPrefix(id: string): string {
    return `${this.dataRoot}${id}/`;
  }

  /**
   * Where one attempt at a version puts all that it stores: no other ever writes there. That of the first is the whole
   * prefix but for those of later ones, `data/<ID>/resumed-2/` and so on.
   */
  turnPrefix(id: string, turn = 1): string {
    return turn === 1 ? this.dataPrefix(id) : `${this.dataPrefix(id)}resumed-${turn}/`;
  }

  /** What {@link turnPrefix} put before it, and what is left: names, by which attempts find what others have stored. */
  splitTurn(id: string, key: string): { readonly turn: number; readonly name: string } {
    const rest = key.slice(this.dataPrefix(id).length);
    const [prefix = '', turn] = /^resumed-([2-9]|[1-9]\d{1,5})\//.exec(rest) ?? [];
    return { turn: Number(turn ?? 1), name: rest.slice(prefix.length) };
  }

  index(id: string, turn = 1): ObjectKey {
    return objectKey(`${this.turnPrefix(id, turn)}${INDEX_NAME}`);
  }

  /** Whether a key, relative to the series, is one that {@link index} makes for the version. */
  isIndexOf(id: string, relative: string): boolean {
    const key = `${this.base}${relative}`;
    return key.startsWith(this.dataPrefix(id)) && this.splitTurn(id, key).name === INDEX_NAME;
  }

  /** All files of a version, but those of very long paths, lie below this by their path. */
  filesPrefix(id: string, turn = 1): string {
    return `${this.turnPrefix(id, turn)}files/`;
  }

  /**
   * `data/<ID>/files/<path>`. A path that would make the key longer than S3 allows goes to
   * `data/<ID>/long/<SHA-256 of the path>`; the index tells which is which.
   *
   * @throws BackupError for a path that can be part of no key
   */
  file(id: string, path: string, turn = 1): ObjectKey {
    const key = `${this.filesPrefix(id, turn)}${path}`;
    if (Buffer.byteLength(key) <= MAX_KEY_BYTES || pathProblem(path) !== undefined) return objectKey(key);
    return objectKey(`${this.turnPrefix(id, turn)}long/${createHash('sha256').update(path).digest('hex')}`);
  }

  packsPrefix(id: string, turn = 1): string {
    return `${this.turnPrefix(id, turn)}packs/`;
  }

  /** `data/<ID>/packs/0001.tar.zst`. @param number from 1 */
  pack(id: string, number: number, turn = 1): ObjectKey {
    return objectKey(`${this.packsPrefix(id, turn)}${String(number).padStart(4, '0')}.tar.zst`);
  }

  /** As it stands in the index: relative to the series, so that a copied series keeps working. */
  relative(key: ObjectKey): string {
    return key.slice(this.base.length);
  }

  /**
   * The inverse of {@link relative}, for text from an index.
   * @throws BackupError for a key that would leave the series
   */
  absolute(relative: string): ObjectKey {
    return objectKey(`${this.base}${relative}`);
  }

  /** What stands between the prefix and `.json`, or '' where the key has another form. */
  #stem(key: string, prefix: string): string {
    return key.startsWith(prefix) && key.endsWith(RECORD_SUFFIX) ? key.slice(prefix.length, -RECORD_SUFFIX.length) : '';
  }
}
