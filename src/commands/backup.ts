import { isClass, messageOf } from '../errors.ts';
import type { Log } from '../log.ts';
import { finalLines, plannedOutputLine, plannedUploadLine } from '../report/log-lines.ts';
import type { BackupReport, Difference, PruneReport } from '../report/types.ts';
import { hasRules } from '../retention/rules.ts';
import type { VersionFacts } from '../retention/types.ts';
import { MAX_LARGEST_FILES } from '../selection/tally.ts';
import type { Selection } from '../selection/types.ts';
import { nextNumber } from '../series/catalogue.ts';
import type { OwnedClaim } from '../series/claim-number.ts';
import type { Totals, VersionType } from '../series/model.ts';
import { isOvertaken, type OpenClaim } from '../series/resume-claim.ts';
import { formatVersionId, versionIdOf } from '../series/version-id.ts';
import { packedBelow } from '../transfer/layout.ts';
import { versionTags } from './backup/attributes.ts';
import { type Base, openStart, plannedBase, type Start, startFull } from './backup/base.ts';
import { type Catalogue, readCatalogue, takeNumber } from './backup/claim.ts';
import { writeClaimNote } from './backup/claim-note.ts';
import { type Committed, commitVersion, storeIndex } from './backup/commit.ts';
import { compareWithPrevious } from './backup/compare.ts';
import { findAttempt } from './backup/find-attempt.ts';
import { lockReferences } from './backup/lock-references.ts';
import { lookAtBucket } from './backup/look-at-bucket.ts';
import type { BackupRequest } from './backup/request.ts';
import { openResumption, tidyUp } from './backup/resumption.ts';
import { selectFiles } from './backup/select-files.ts';
import { type Uploaded, uploadFiles } from './backup/upload.ts';
import type { CommandPorts } from './ports.ts';
import { applyPolicy, noPrune } from './prune/apply.ts';
import { previewPolicy } from './prune/preview.ts';

/** What came of the steps, for the report. */
interface Outcome {
  readonly version: VersionFacts;
  readonly largest: Selection['largest'];
  readonly skipped: Selection['skipped'];
  readonly totals: Totals;
  readonly sentBytes: number;
  /** Present where an earlier attempt was gone on with. */
  readonly resumed?: BackupReport['resumed'];
  readonly stored?: BackupReport['stored'];
  readonly difference?: Difference | undefined;
  readonly prune: PruneReport;
}

/**
 * Makes a new version of a series: select → claim a number → upload → index → locks → record → prune.
 *
 * @returns what was done; undefined where nothing was selected and that is no error (then nothing is changed)
 * @throws BackupError where not all that was asked for could be stored; then no version is visible
 */
export async function backup(request: BackupRequest, ports: CommandPorts): Promise<BackupReport | undefined> {
  const startedMs = ports.monotonicMs();
  const { log } = ports;
  const selection = await log.step('Select files', () => selectFiles(request, ports));
  if (selection === undefined) return undefined;
  try {
    const catalogue = await log.step('Read the catalogue', async () => {
      const [read] = await Promise.all([readCatalogue(request, ports), lookAtBucket(request, ports)]);
      return read;
    });
    const make = request.dryRun ? planVersion : makeVersion;
    const report = reportOf(await make(request, selection, catalogue, ports), request, ports, startedMs);
    for (const line of finalLines(report)) log.info(line);
    return report;
  } finally {
    await selection.close();
  }
}

/** Where an earlier attempt that was taken for dead commits the version after all, this one makes the next. */
async function makeVersion(
  request: BackupRequest,
  selection: Selection,
  catalogue: Catalogue,
  ports: CommandPorts,
): Promise<Outcome> {
  const earlier = await findAttempt(request, catalogue, ports);
  const { start, owned } = await beginVersion(request, selection, catalogue, ports, earlier);
  ports.onClaimed?.(owned.claim.id);
  try {
    if (request.resume === true && ports.run.runId !== '') await writeClaimNote(request, ports, owned.claim.nonce);
    return await finishVersion(request, selection, start, owned, ports);
  } catch (error) {
    if (!isOvertaken(error, owned)) throw error;
    ports.log.info(`Another attempt has committed version ${owned.claim.number}: this one makes the next`);
    return makeVersion({ ...request, resume: false }, selection, await readCatalogue(request, ports), ports);
  }
}

async function finishVersion(
  request: BackupRequest,
  selection: Selection,
  start: Start,
  owned: OwnedClaim,
  ports: CommandPorts,
): Promise<Outcome> {
  const { log } = ports;
  await using opened = start;
  const { base } = opened;
  await using resumption = await openResumption(request, owned, ports);
  const uploaded = await log.step('Upload files', () =>
    uploadFiles(request, selection, opened, owned.claim, ports, resumption),
  );
  try {
    const index = await log.step('Write the index', () => storeIndex(request, owned, uploaded, ports));
    await lockReferences(request, owned, base, uploaded, ports);
    const committed = await log.step('Commit the version', () =>
      commitVersion(request, owned, base, uploaded, index, ports),
    );
    await tidyUp(request, resumption, ports);
    const version = factsOf(owned);
    const difference = await compareStep(request, owned, uploaded, ports);
    const prune = await pruneStep(request, [...owned.versions, version], owned, committed, ports);
    return {
      version,
      largest: largestOf(selection, uploaded),
      skipped: selection.skipped,
      totals: uploaded.totals,
      sentBytes: uploaded.sentBytes,
      ...(resumption && { resumed: { turn: resumption.turn, bytes: resumption.earlier.reusedBytes } }),
      stored: { ...uploaded.forms, packs: uploaded.packs.length },
      difference,
      prune,
    };
  } finally {
    await uploaded.index.remove();
  }
}

/**
 * Chooses what to build on and takes a number. Where the base is pruned between the two, an `auto` run goes on with the
 * next number and a full version; the claim it leaves behind is cleaned up like that of a killed run.
 */
async function beginVersion(
  request: BackupRequest,
  selection: Selection,
  catalogue: Catalogue,
  ports: CommandPorts,
  earlier?: OpenClaim,
): Promise<{ readonly start: Start; readonly owned: OwnedClaim }> {
  const { log } = ports;
  const { files } = selection.totals;
  const claim = (base: Base | undefined) =>
    log.step('Claim a version number', () => takeNumber(request, catalogue, base, ports, earlier));
  // As the earlier attempt found it, so that it comes to the same type of version.
  const found = earlier === undefined ? catalogue : before(catalogue, earlier.claim.number);
  const start = await log.step('Choose what to build on', () => openStart(request, found, files, ports));
  try {
    return { start, owned: await claim(start.base) };
  } catch (error) {
    await start[Symbol.asyncDispose]();
    const { mode } = request.incremental;
    if (mode !== 'auto' || start.base === undefined || !isClass(error, 'lost-race')) throw error;
  }
  const full = await startFull(files, `version ${start.base.version.number} was pruned meanwhile`, ports);
  try {
    return { start: full, owned: await claim(undefined) };
  } catch (error) {
    await full[Symbol.asyncDispose]();
    throw error;
  }
}

/** The output of a command had no size when the files were selected. */
function largestOf({ largest }: Selection, { stdout }: Uploaded): Selection['largest'] {
  if (stdout === undefined) return largest;
  return [...largest, stdout].sort((a, b) => b.size - a.size).slice(0, MAX_LARGEST_FILES);
}

function before(catalogue: Catalogue, number: number): Catalogue {
  return { ...catalogue, claims: catalogue.claims.filter((claim) => claim.number < number) };
}

/** The difference to the base is known from the upload; any other version before is read for it. */
async function compareStep(
  request: BackupRequest,
  { claim, versions }: OwnedClaim,
  { index, difference }: Uploaded,
  ports: CommandPorts,
): Promise<Difference | undefined> {
  const previous = versions.findLast(({ number }) => number < claim.number);
  if (previous === undefined) return undefined;
  if (difference?.againstId === previous.id) return difference;
  return ports.log.step(`Compare with version ${previous.number}`, () =>
    compareWithPrevious(request, previous, index.lines(), ports),
  );
}

/** The backup is good by now: what goes wrong here is a warning, and `failed` in the report. */
async function pruneStep(
  request: BackupRequest,
  versions: readonly VersionFacts[],
  { key: claim }: OwnedClaim,
  { stored: record }: Committed,
  ports: CommandPorts,
): Promise<PruneReport> {
  if (!hasRules(request.retention.policy)) return noPrune(versions);
  let isForUser = false;
  const report = await ports.log.step('Prune', async () => {
    try {
      return await applyPolicy(request, ports, { claim, record });
    } catch (error) {
      isForUser = isClass(error, 'input');
      return { ...noPrune(versions), outcome: 'failed' as const, failure: messageOf(error) };
    }
  });
  warnOfPrune(report, isForUser, ports.log);
  return report;
}

/** @param isForUser whether every prune fails so until an input is corrected */
function warnOfPrune({ failure, stopped }: PruneReport, isForUser: boolean, log: Log): void {
  if (failure === undefined) return;
  const [kind, what] = stopped
    ? ['prune-stopped', 'was stopped before it deleted anything']
    : isForUser
      ? [
          'prune-refused',
          'was refused before it deleted anything, as the next ones will be until the input is corrected',
        ]
      : ['prune-failed', 'failed; the next one tries again'];
  const message = `The backup is complete, but the prune after it ${what}.`;
  // The sentence that names it ends with a full stop of its own.
  log.warn({ kind, message, subject: failure.replace(/\.$/, '') });
}

/** A dry run: the same plan, and nothing changed. */
async function planVersion(
  request: BackupRequest,
  selection: Selection,
  catalogue: Catalogue,
  ports: CommandPorts,
): Promise<Outcome> {
  const { log } = ports;
  await log.step('Plan the upload', async () => {
    const below = packedBelow(request, selection.small.files);
    for await (const entry of selection.entries()) {
      const size = entry.type === 'file' ? entry.size : 0;
      log.info(plannedUploadLine({ path: entry.path, size }, size < below));
    }
    if (request.output !== undefined) log.info(plannedOutputLine(request.output.path));
  });
  const { largest, skipped, totals } = selection;
  const version = plannedVersion(request, catalogue, ports);
  const versions = [...catalogue.versions, { ...version, tags: request.tags }];
  const prune = hasRules(request.retention.policy)
    ? await log.step('Plan the prune', () =>
        previewPolicy(request, versions, catalogue.pins, ports, { planned: version.id }),
      )
    : noPrune(versions);
  if (prune.failure !== undefined) {
    log.warn({
      kind: 'prune-stopped',
      message: 'The prune after such a backup would be stopped.',
      subject: prune.failure.replace(/\.$/, ''),
    });
  }
  const files = totals.files + (request.output === undefined ? 0 : 1);
  return { version, largest, skipped, totals: { ...totals, files }, sentBytes: 0, prune };
}

function plannedVersion(request: BackupRequest, catalogue: Catalogue, ports: CommandPorts): VersionFacts {
  const planned = plannedBase(request, catalogue, ports);
  const type: VersionType = 'base' in planned ? 'incremental' : 'full';
  const parts = {
    series: request.keys.location.series,
    type,
    time: ports.store.now(),
    number: nextNumber(catalogue.versions, catalogue.claims),
  };
  return { id: formatVersionId(parts), number: parts.number, type: parts.type, time: parts.time };
}

function factsOf({ claim, time }: OwnedClaim): VersionFacts {
  return { id: claim.id, number: claim.number, type: versionIdOf(claim.id).type, time };
}

function reportOf(outcome: Outcome, request: BackupRequest, ports: CommandPorts, startedMs: number): BackupReport {
  const { keys, storageClass, dryRun } = request;
  const { version, difference, largest, skipped } = outcome;
  const recordKey = keys.record(version.id);
  const problems = ports.problems();
  return {
    dryRun,
    version,
    location: {
      bucket: ports.store.bucket,
      ...keys.location,
      recordKey,
      uri: `s3://${ports.store.bucket}/${recordKey}`,
      ...ports.place,
      ...(storageClass && { storageClass }),
    },
    run: ports.run,
    totals: outcome.totals,
    largest,
    skipped,
    uploadedBytes: outcome.sentBytes,
    ...(outcome.resumed && { resumed: outcome.resumed }),
    ...(outcome.stored && { stored: outcome.stored }),
    requests: ports.requests(),
    durationMs: ports.monotonicMs() - startedMs,
    ...(difference && { difference }),
    prune: outcome.prune,
    problems,
    tags: ports.store.takesTags ? versionTags(request, ports.run, version.id) : {},
  };
}
