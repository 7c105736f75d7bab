import type { OwnedClaim } from '../../series/claim-number.ts';
import { commit } from '../../series/commit.ts';
import { writeIndex } from '../../series/index-file.ts';
import { recordedLock } from '../../series/lock.ts';
import type { IndexReference, VersionRecord } from '../../series/record.ts';
import { checkStillClaimed } from '../../series/still-claimed.ts';
import { versionIdOf } from '../../series/version-id.ts';
import { recordedPacks } from '../../series/version-references.ts';
import type { StoredObject } from '../../store/object-store.ts';
import type { CommandPorts } from '../ports.ts';
import { versionAttributes } from './attributes.ts';
import type { Base } from './base.ts';
import type { BackupRequest } from './request.ts';
import type { Uploaded } from './upload.ts';

/** Writes the index from its lines on disk. */
export function storeIndex(
  request: BackupRequest,
  { claim, resumed }: OwnedClaim,
  { index }: Uploaded,
  ports: CommandPorts,
): Promise<IndexReference> {
  const attributes = versionAttributes(request, ports.run, claim.id);
  return writeIndex(ports.store, request.keys, claim.id, index.lines(), attributes, resumed?.turn);
}

export interface Committed {
  readonly record: Omit<VersionRecord, 'format'>;
  readonly stored: StoredObject;
}

/** Writes the record: from here on the version exists. */
export async function commitVersion(
  request: BackupRequest,
  owned: OwnedClaim,
  base: Base | undefined,
  uploaded: Uploaded,
  index: IndexReference,
  ports: CommandPorts,
): Promise<Committed> {
  const { keys, tags, selection } = request;
  const { claim, time, conditionalWrites, resumed } = owned;
  const claimed = { key: owned.key, time: resumed?.since ?? time };
  await checkStillClaimed(ports.store, claimed, request.retention.abandonedAfterMs);
  const { lock, ...version } = versionAttributes(request, ports.run, claim.id);
  const record = {
    id: claim.id,
    series: keys.location.series,
    number: claim.number,
    type: versionIdOf(claim.id).type,
    time: time.toISOString(),
    committed: ports.store.now().toISOString(),
    nonce: claim.nonce,
    ...(claim.form && { form: claim.form }),
    run: ports.run,
    tags,
    selection: { path: selection.patterns, ...(request.output && { output: request.output.path }) },
    totals: uploaded.totals,
    index,
    packs: recordedPacks(uploaded.references, uploaded.packs, base?.record.packs ?? []),
    leansOn: uploaded.references.leansOn,
    ...(lock && { lock: recordedLock(lock) }),
    tool: ports.tool,
  };
  const attributes = { contentType: 'application/json', ...version, ...(lock && { lock }) };
  ports.onStage?.('committing', claim.id);
  const stored = await commit(ports.store, { keys, record, attributes, conditionalWrites }, ports);
  ports.onStage?.('committed', claim.id);
  ports.log.info(`Version ${claim.number} is committed: s3://${ports.store.bucket}/${keys.record(claim.id)}`);
  return { record, stored };
}
