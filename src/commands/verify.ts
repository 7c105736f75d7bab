import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { requestedLines, verifyLines } from '../report/verify/log-lines.ts';
import type { Drill, VerifiedVersion, VerifyReport } from '../report/verify/types.ts';
import type { VersionFacts } from '../retention/types.ts';
import { listClaims } from '../series/catalogue.ts';
import { RECORDS_AT_ONCE } from '../series/records.ts';
import { objectTags } from '../series/tags.ts';
import { resuming } from '../store/resume.ts';
import { mapOrdered } from '../transfer/map-ordered.ts';
import { families } from '../verification/families.ts';
import type { Damage } from '../verification/types.ts';
import { commandReport } from './command-report.ts';
import { warnOfExpiration } from './expiration.ts';
import { ItemList } from './list/item-list.ts';
import type { CommandPorts } from './ports.ts';
import { checkFamily, type Member } from './verify/check-family.ts';
import { chooseVersions } from './verify/choose-versions.ts';
import { Findings } from './verify/findings.ts';
import { type ReadVersion, readVersion } from './verify/read-version.ts';
import type { VerifyContext, VerifyRequest } from './verify/request.ts';

/**
 * Proves that versions are complete and readable: find them → read their records → compare what their indexes say with
 * what is stored, as deep as the level goes. Changes nothing.
 *
 * @returns what was found, damage included
 * @throws VersionNotFoundError; BackupError for trouble of which nothing follows for the versions
 */
export async function verify(request: VerifyRequest, ports: CommandPorts): Promise<VerifyReport> {
  const startedMs = ports.monotonicMs();
  const { log } = ports;
  for (const line of requestedLines(request)) log.info(line);
  const { versions, staleness } = await log.step('Find the versions', () => chooseVersions(request, ports));
  const scratch = await mkdtemp(join(ports.temporaryDirectory, 'verify-'));
  try {
    const { items, result } = await ItemList.collect<Damage, Outcome>(ports, (list) => {
      const findings = new Findings(list, request.keys, ports);
      return verifyVersions(versions, { ...ports, request, findings, scratch, reader: resuming(ports.store, ports) });
    });
    const { version: asked, keys, level, subset } = request;
    const about = { asked, level, ...(subset && { subset }), ...(staleness && { staleness }) };
    const report = { ...commandReport(keys.location, ports, startedMs), ...about, ...result, damaged: items };
    for (const line of verifyLines(report)) log.info(line);
    return report;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

type Outcome = Pick<VerifyReport, 'versions' | 'checked' | 'notComparable'>;

async function verifyVersions(versions: readonly VersionFacts[], context: VerifyContext): Promise<Outcome> {
  const { findings, log } = context;
  const read = await log.step('Read the records', () => readAll(versions, context));
  const members = read.filter(hasRecord);
  const drills = new Map<string, Drill>();
  for (const family of families(members)) {
    const title = `Verify version ${family.map(({ version }) => version.number).join(', ')}`;
    for (const [id, drill] of await log.step(title, () => checkFamily(family, context))) drills.set(id, drill);
  }
  warnOfUnknown(context);
  await warnOfRules(members, context);
  return {
    versions: read.map(({ version, record }) => verified(version, record, drills.get(version.id), context)),
    checked: { ...findings.checked },
    notComparable: findings.notComparable,
  };
}

async function readAll(versions: readonly VersionFacts[], context: VerifyContext): Promise<ReadVersion[]> {
  if (versions.length === 0) return [];
  const claims = await listClaims(context.store, context.request.keys);
  const read: ReadVersion[] = [];
  for await (const one of mapOrdered(versions, RECORDS_AT_ONCE, (item) => readVersion(item, claims, context))) {
    for (const damage of one.damages) await context.findings.addDamage(damage);
    read.push(one);
  }
  return read;
}

function hasRecord(read: ReadVersion): read is ReadVersion & Member {
  return read.record !== undefined;
}

function verified(
  version: VersionFacts,
  record: Member['record'] | undefined,
  drill: Drill | undefined,
  { findings }: VerifyContext,
): VerifiedVersion {
  const state = findings.stateOf(version.id);
  return { version, state, ...(record && { totals: record.totals }), ...(drill && { drill }) };
}

/** What is whole today is not tomorrow where a rule of the bucket goes by age. */
async function warnOfRules(members: readonly Member[], context: VerifyContext): Promise<void> {
  const newest = members.at(-1)?.record;
  if (newest === undefined) return;
  const { tags } = objectTags(newest.run, { id: newest.id }, newest.tags);
  await warnOfExpiration(context.request.keys, tags, context);
}

/** Where the store keeps no checksum, and the ETag is that of a copy or was not recorded. */
function warnOfUnknown({ findings: { checked, notComparable }, log, store }: VerifyContext): void {
  if (notComparable === 0) return;
  const which = notComparable === checked.objects ? 'all' : `${notComparable} of the ${checked.objects}`;
  log.warn({
    kind: 'no-stored-checksums',
    message: `For ${which} objects the store keeps no checksum to compare with the record, so only their sizes were compared; \`level: data\` reads them.`,
    subject: store.bucket,
  });
}
