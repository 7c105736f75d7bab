import type { BackupError } from '../../errors.ts';
import { isClass } from '../../errors.ts';
import type { Log } from '../../log.ts';

/** What S3 has and stores that speak its protocol may lack. */
export type Feature = 'tagging' | 'checksums' | 'full-object-checksums' | 'later-tagging';

const WARNINGS: Record<Feature, string> = {
  'later-tagging':
    'This store takes no tags for an object that is already there, so large files may have none; the run is recorded in the version record.',
  tagging: 'This store has no object tags; the run is recorded in the version record alone.',
  checksums:
    'This store takes no additional checksums; uploads are checked by the signed SHA-256 of each request, and the record holds the SHA-256 of every file.',
  'full-object-checksums':
    'This store takes no checksum of a whole multipart object; its parts are checked one by one, and the record holds the SHA-256 of every file.',
};

/** Headers by which a refusal names what is missing, most telling first. */
const NAMED: readonly (readonly [RegExp, Feature])[] = [
  [/tagging/i, 'tagging'],
  [/checksum-type|checksum type|FULL_OBJECT/i, 'full-object-checksums'],
  [/checksum/i, 'checksums'],
];

/** Codes of requests that were understood and are not supported; seen on R2, B2, MinIO and others. */
const UNSUPPORTED_CODES = new Set(['NotImplemented', 'InvalidArgument', 'InvalidRequest', 'UnsupportedHeader']);

/**
 * Which features the store turned out to have. Nothing is probed: the first request that needs a feature (the claim) is
 * refused where it is missing, and repeated without it. Each loss is said once.
 */
export class Features {
  readonly #missing = new Set<Feature>();
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  has(feature: Feature): boolean {
    return !this.#missing.has(feature);
  }

  /**
   * Makes a request with every feature that is not known to be missing, and again with one less when it is refused.
   * @param call is told by `has` what it may use
   */
  async attempt<T>(used: readonly Feature[], call: (has: (feature: Feature) => boolean) => Promise<T>): Promise<T> {
    const without = new Set(this.#missing);
    let refusal: BackupError | undefined;
    for (;;) {
      try {
        const result = await call((feature) => !without.has(feature));
        this.#lose(without);
        return result;
      } catch (error) {
        // Another class has another meaning (a lost race, a store that is down), refused before or not.
        if (!isClass(error, 'permanent')) throw error;
        if (!UNSUPPORTED_CODES.has(error.details.code ?? '')) throw refusal ?? error;
        const next = nextToDrop(
          error,
          used.filter((feature) => !without.has(feature)),
        );
        // What the store said first is what the user should read if leaving things out did not help.
        refusal ??= error;
        if (next === undefined) throw refusal;
        without.add(next);
      }
    }
  }

  #lose(features: Iterable<Feature>): void {
    for (const feature of features) {
      if (this.#missing.has(feature)) continue;
      this.#missing.add(feature);
      this.#log.warn({ kind: `store-without-${feature}`, message: WARNINGS[feature] });
    }
  }
}

/** The feature the refusal names; for one that names none, any feature in use: only a success proves the guess. */
function nextToDrop(error: BackupError, used: readonly Feature[]): Feature | undefined {
  const text = `${error.message} ${String((error.cause as Error | undefined)?.message ?? '')}`;
  const named = NAMED.find(([pattern, feature]) => used.includes(feature) && pattern.test(text))?.[1];
  return named ?? (error.details.code === 'NotImplemented' ? used[0] : undefined);
}
