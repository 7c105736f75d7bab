import { timestamp } from '../../report/units.ts';
import type { VersionFacts } from '../../retention/types.ts';
import type { VersionRecord } from '../../series/record.ts';
import { readRecord } from '../../series/records.ts';
import { resolveVersion } from '../../series/resolve-version.ts';
import { VersionNotFoundError } from '../../series/version-not-found.ts';
import type { RestorePorts, RestoreRequest } from './request.ts';

export interface FoundVersion {
  readonly version: VersionFacts;
  readonly record: VersionRecord;
}

/**
 * @returns `notFound`: why, where that is no error
 * @throws VersionNotFoundError where it is one; InputError for an ambiguous commit
 */
export async function findVersion(
  { keys, version: asked, onNotFound }: RestoreRequest,
  { reader, log }: RestorePorts,
): Promise<FoundVersion | { readonly notFound: string }> {
  try {
    const { version, record } = await resolveVersion(reader, keys, asked, (warning) => log.warn(warning));
    log.info(`Found version ${version.number} of ${timestamp(version.time)}: ${version.id}`);
    return { version, record: record ?? (await readRecord(reader, keys, version.id)) };
  } catch (error) {
    if (onNotFound === 'ignore' && error instanceof VersionNotFoundError) return { notFound: error.message };
    throw error;
  }
}
