import { count } from '../../report/units.ts';
import type { VersionFacts } from '../../retention/types.ts';
import { listVersions } from '../../series/catalogue.ts';
import { resolveVersion } from '../../series/resolve-version.ts';
import { versionNotFound } from '../../series/version-not-found.ts';
import { type Staleness, stalenessOf } from '../../verification/staleness.ts';
import type { CommandPorts } from '../ports.ts';
import { ALL_VERSIONS, type VerifyRequest } from './request.ts';

export interface ChosenVersions {
  /** Ascending by number; empty only where the series is, and its age was asked for. */
  readonly versions: readonly VersionFacts[];
  readonly staleness?: Staleness;
}

/** @throws VersionNotFoundError; a series without any version is not found too, unless that is what is asked */
export async function chooseVersions(request: VerifyRequest, ports: CommandPorts): Promise<ChosenVersions> {
  const { keys, version: asked, maxAge } = request;
  const { store, log } = ports;
  const needsAll = asked === ALL_VERSIONS || maxAge !== undefined;
  const all = needsAll ? await listVersions(store, keys) : [];
  const staleness = maxAge && stalenessOf(all, maxAge, store.now());
  if (maxAge !== undefined && all.length === 0) return { versions: [], ...(staleness && { staleness }) };
  const versions = asked === ALL_VERSIONS ? all : [await resolve(request, ports)];
  if (versions.length === 0) throw versionNotFound(asked, [], [], keys.location, new Map());
  log.info(`To be verified: ${count(versions.length, 'version')}, ${versions.at(-1)?.id ?? ''} the newest of them`);
  return { versions, ...(staleness && { staleness }) };
}

async function resolve({ keys, version }: VerifyRequest, { store, log }: CommandPorts): Promise<VersionFacts> {
  return (await resolveVersion(store, keys, version, (warning) => log.warn(warning))).version;
}
