import { afterAll, beforeAll, describe } from '@jest/globals';
import type { ObjectStore, Versioning } from '../../src/store/object-store.ts';
import { describeListing } from './conformance/listing.ts';
import { describeLocks } from './conformance/locks.ts';
import { describeClock, describeConditions, describeDeletes, describeObjects } from './conformance/objects.ts';
import { describeOddKeys } from './conformance/odd-keys.ts';
import { Place, TIMEOUT_MS } from './conformance/place.ts';
import { describeStreams, describeUploads } from './conformance/transfers.ts';
import { describeVersions } from './conformance/versions.ts';

/** A store to try, and where in its bucket. */
export interface Bench {
  readonly store: ObjectStore;
  /** Under which nothing is yet; the suite stays below it. */
  readonly prefix: string;
  close?(): Promise<void>;
}

export interface Conformance {
  open(): Promise<Bench>;
  readonly versioning: Versioning;
  readonly conditionalWrites: 'enforced' | 'ignored';
  /** Default false. */
  readonly objectLock?: boolean;
  /** Keys that this server, against S3's rules, cannot hold; everything else is tried. */
  readonly cannotHold?: (key: string) => boolean;
}

/** What every implementation of {@link ObjectStore} has to do; also run against real servers. */
export function describeObjectStore(title: string, conformance: Conformance): void {
  describe(`ObjectStore: ${title}`, () => {
    let bench: Bench;
    beforeAll(async () => {
      bench = await conformance.open();
    }, TIMEOUT_MS);
    afterAll(() => bench.close?.());

    /** Every test has a place of its own. */
    let places = 0;
    const place = () => {
      places += 1;
      return new Place(bench.store, `${bench.prefix}/${places}/`);
    };

    describeObjects(place);
    describeListing(place);
    describeDeletes(place);
    describeConditions(place, conformance);
    describeStreams(place);
    describeUploads(place);
    describeOddKeys(place, conformance);
    describeVersions(place, conformance);
    describeLocks(place, conformance);
    describeClock(place);
  });
}
