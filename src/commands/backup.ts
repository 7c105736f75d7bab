import { isClass } from '../errors.ts';
import { finalLines } from '../report/log-lines.ts';
import type { BackupReport, Difference } from '../report/types.ts';
import type { VersionFacts } from '../retention/types.ts';
import { MAX_LARGEST_FILES } from '../selection/tally.ts';
import type { Selection } from '../selection/types.ts';
import type { OwnedClaim } from '../series/claim-number.ts';
import { isOvertaken, type OpenClaim } from '../series/resume-claim.ts';
import { ownPrefixes } from '../series/stored-forms.ts';
import { versionIdOf } from '../series/version-id.ts';
import { type Base, openStart, type Start, startFull } from './backup/base.ts';
import { type Catalogue, readCatalogue, takeNumber } from './backup/claim.ts';
import { writeClaimNote } from './backup/claim-note.ts';
import { commitVersion, storeIndex } from './backup/commit.ts';
import { compareWithPrevious } from './backup/compare.ts';
import { findAttempt } from './backup/find-attempt.ts';
import { withNextAttempt } from './backup/interrupted.ts';
import { lockReferences } from './backup/lock-references.ts';
import { lookAtBucket } from './backup/look-at-bucket.ts';
import { type Outcome, reportOf } from './backup/outcome.ts';
import { readyPacking } from './backup/packing.ts';
import { planVersion } from './backup/plan-version.ts';
import { pruneStep } from './backup/prune-step.ts';
import type { BackupRequest } from './backup/request.ts';
import { openResumption, tidyUp } from './backup/resumption.ts';
import { selectFiles } from './backup/select-files.ts';
import { type Sources, type Uploaded, uploadFiles } from './backup/upload.ts';
import type { CommandPorts } from './ports.ts';

/**
 * Makes a new version of a series: select → claim a number → upload → index → locks → record → prune.
 *
 * @returns what was done; undefined where nothing was selected and that is no error (then nothing is changed)
 * @throws BackupError where not all that was asked for could be stored; then no version is visible
 */
export async function backup(request: BackupRequest, ports: CommandPorts): Promise<BackupReport | undefined> {
  const startedMs = ports.monotonicMs();
  const { log } = ports;
  if (request.output !== undefined) await ports.checkProducer(request.output.source);
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

/**
 * Where an earlier attempt that was taken for dead commits the version after all, or nobody can tell whether this one
 * has, it makes the next: unless what it stores came through a pipe, which nobody sends twice.
 */
async function makeVersion(
  request: BackupRequest,
  selection: Selection,
  catalogue: Catalogue,
  ports: CommandPorts,
): Promise<Outcome> {
  await using packing = readyPacking(request, selection);
  const earlier = await findAttempt(request, catalogue, ports);
  const { start, owned } = await beginVersion(request, selection, catalogue, ports, earlier);
  ports.onStage?.('claimed', owned.claim.id);
  try {
    if (request.resume === true && ports.run.runId !== '') await writeClaimNote(request, ports, owned.claim.nonce);
    return await finishVersion(request, { selection, packing }, start, owned, ports);
  } catch (error) {
    if (!isOvertaken(error, owned) || request.output?.source.kind === 'pipe') {
      throw withNextAttempt(error, request, owned, ports);
    }
    ports.log.info(`${error.message} This run makes the next version.`);
    return await makeVersion({ ...request, resume: false }, selection, await readCatalogue(request, ports), ports);
  }
}

async function finishVersion(
  request: BackupRequest,
  sources: Sources,
  start: Start,
  owned: OwnedClaim,
  ports: CommandPorts,
): Promise<Outcome> {
  const { log } = ports;
  await using opened = start;
  const { base } = opened;
  await using resumption = await openResumption(request, owned, ports);
  const uploaded = await log.step('Upload files', () =>
    uploadFiles(request, sources, opened, owned.claim, ports, resumption),
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
      largest: largestOf(sources.selection, uploaded),
      skipped: sources.selection.skipped,
      totals: uploaded.totals,
      sentBytes: uploaded.sentBytes,
      ...(resumption && { resumed: { turn: resumption.turn, bytes: resumption.earlier.reusedBytes } }),
      stored: storedAs(uploaded, version),
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

function storedAs({ forms, packs }: Uploaded, { id }: VersionFacts): BackupReport['stored'] {
  const packsIn = ownPrefixes(
    id,
    packs.map(({ key }) => key),
  );
  return { ...forms, packs: packs.length, packsIn };
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

function factsOf({ claim, time }: OwnedClaim): VersionFacts {
  return { id: claim.id, number: claim.number, type: versionIdOf(claim.id).type, time };
}
