import { count } from '../../report/units.ts';
import { hasRules } from '../../retention/rules.ts';
import type { Pin, VersionFacts } from '../../retention/types.ts';
import { checkBase } from '../../series/base-check.ts';
import { type ListedClaim, listClaims, listPins, listVersions } from '../../series/catalogue.ts';
import { type ClaimRequest, claimNumber, type OwnedClaim } from '../../series/claim-number.ts';
import { type OpenClaim, resumeClaim } from '../../series/resume-claim.ts';
import { objectTags } from '../../series/tags.ts';
import type { PutOptions } from '../../store/object-store.ts';
import type { CommandPorts } from '../ports.ts';
import { formOf, versionAttributes } from './attributes.ts';
import type { Base } from './base.ts';
import type { BackupRequest } from './request.ts';

/** The series as it was found, before this run took a number. */
export interface Catalogue {
  /** Ascending by number. */
  readonly versions: readonly VersionFacts[];
  readonly claims: readonly ListedClaim[];
  readonly pins: readonly Pin[];
}

/** Pins are asked for only where a dry run is to plan with them; a real prune lists them when it comes to that. */
export async function readCatalogue(request: BackupRequest, { store, log }: CommandPorts): Promise<Catalogue> {
  const { keys, retention, dryRun } = request;
  const [versions, claims, pins] = await Promise.all([
    listVersions(store, keys),
    listClaims(store, keys),
    dryRun && hasRules(retention.policy) ? listPins(store, keys) : [],
  ]);
  const newest = versions.at(-1);
  log.info(
    newest === undefined
      ? `The series ${keys.location.series} has no version yet`
      : `The series ${keys.location.series} has ${count(versions.length, 'version')}; the newest is ${newest.id}`,
  );
  return { versions, claims, pins };
}

/**
 * Takes a number for this run, that of an earlier attempt if it can be had, then looks whether the base is still there.
 * The claim's tags are those of the version.
 * @throws BackupError of class `lost-race` where the base was pruned meanwhile; the claim then stands for nothing
 */
export async function takeNumber(
  request: BackupRequest,
  catalogue: Catalogue,
  base: Base | undefined,
  ports: CommandPorts,
  earlier?: OpenClaim,
): Promise<OwnedClaim> {
  const { keys } = request;
  const { store, run, conditionalWritesKnown } = ports;
  const type = base === undefined ? 'full' : 'incremental';
  const wanted = { run, leansOn: base === undefined ? [] : basesOf(base), conditionalWritesKnown };
  const attributes = (id: string) => ({ contentType: 'application/json', ...versionAttributes(request, run, id) });
  const resumed = earlier && (await goOn(request, earlier, { ...wanted, type, attributes }, ports));
  const owned =
    resumed ??
    (await claimNumber(store, keys, { ...wanted, ...catalogue, type, form: formOf(request), attributes }, ports));
  if (base !== undefined) checkBase(owned.versions, base.version.id, keys);
  sayTags(request, ports, owned.claim.id);
  const goesOn = resumed === undefined ? 'makes' : 'goes on with';
  ports.log.info(`This run ${goesOn} version ${owned.claim.number}: ${owned.claim.id}`);
  if (!owned.conditionalWrites) {
    ports.log.warn({
      kind: 'store-without-conditional-writes',
      message:
        'This store has no conditional writes; numbers are kept apart by listing, so let one run of a series end before the next begins (in a workflow by a `concurrency:` group).',
    });
  }
  return owned;
}

interface Wanted extends Pick<ClaimRequest, 'run' | 'leansOn' | 'conditionalWritesKnown' | 'type'> {
  readonly attributes: (id: string) => PutOptions;
}

/** @returns undefined where this run needs a number of its own, having said why */
async function goOn(
  { keys, retention: { abandonedAfterMs } }: BackupRequest,
  earlier: OpenClaim,
  { type, attributes, ...wanted }: Wanted,
  ports: CommandPorts,
): Promise<OwnedClaim | undefined> {
  const { claim, version } = earlier;
  const request = { ...wanted, abandonedAfterMs, attributes: attributes(claim.id) };
  const resumed = version.type === type ? await resumeClaim(ports.store, keys, earlier, request, ports) : undefined;
  if (resumed !== undefined) return resumed;
  const why =
    version.type === type
      ? 'it is too old, another attempt is at work on it, or a newer version is there'
      : `it was to be ${version.type}, and now it would be ${type}`;
  ports.log.info(`Version ${claim.number} is not gone on with: ${why}`);
  return undefined;
}

/** Whose objects the new version may refer to: the base's, and those of all that the base refers to. */
function basesOf({ record: { id, leansOn } }: Base): string[] {
  return [...new Set([id, ...leansOn])].sort();
}

/** Of the user's tags every loss is a warning; ours give way by a documented rule. */
function sayTags({ tags: given }: BackupRequest, { run, log }: CommandPorts, id: string): void {
  const { dropped, cleaned } = objectTags(run, { id }, given);
  log.debug(`Tags left out: ${dropped.join(', ') || 'none'}; cleaned: ${cleaned.join(', ') || 'none'}`);
  for (const name of dropped.filter((tag) => Object.hasOwn(given, tag))) {
    log.warn({
      kind: 'tag-left-out',
      message: 'A tag is empty or too long beside the others, so no object carries it; the record holds it.',
      subject: name,
    });
  }
}
