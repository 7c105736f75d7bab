import type { Warning } from '../log.ts';
import type { VersionLock } from '../series/lock.ts';
import { checkAccess } from './access.ts';
import type { InputContext } from './context.ts';
import { type CredentialInputs, readCredentialInputs } from './credentials.ts';
import { type IncrementalInputs, readIncrementalInputs } from './incremental.ts';
import { readLockInputs } from './lock.ts';
import { notesOn } from './notes.ts';
import { type OutputInputs, readOutputInputs } from './output.ts';
import { readRetryFor } from './patience.ts';
import { InputReader } from './reader.ts';
import { type RetentionInputs, readRetentionInputs } from './retention.ts';
import { readSelectionInputs, type SelectionInputs } from './selection.ts';
import type { InputSource } from './source.ts';
import { readStoreInputs, type StoreInputs } from './store.ts';
import { readTags } from './tags.ts';
import { readTransferInputs, type TransferInputs } from './transfer.ts';

/** All that the backup command is told by its user. */
export interface BackupInputs {
  /** What is backed up. */
  readonly selection: SelectionInputs;
  /** A command whose output is a file of the version. */
  readonly output?: OutputInputs;
  /** The user's own tags. */
  readonly tags: Readonly<Record<string, string>>;
  /** Where it goes. */
  readonly store: StoreInputs;
  /** As whom. */
  readonly credentials: CredentialInputs;
  /** What of it is sent. */
  readonly incremental: IncrementalInputs;
  /** How. */
  readonly transfer: TransferInputs;
  /** How long an operation is tried again, from its first failure on; milliseconds. */
  readonly retryForMs: number;
  /** Whether an interrupted attempt of the same job is gone on with. */
  readonly resume: boolean;
  /** How long it is kept; without a rule where `prune` is off. */
  readonly retention: RetentionInputs;
  /** Absent: nothing is locked. */
  readonly lock?: VersionLock;
  /** Show the plan, change nothing. */
  readonly dryRun: boolean;
  /** What is allowed but probably not meant, to be warned of. */
  readonly notes: readonly Warning[];
}

/**
 * Reads and checks every input of the backup action, in the order of action.yml.
 * @throws InputError for the first that is refused
 */
export function parseBackupInputs(source: InputSource, context: InputContext): BackupInputs {
  const reader = new InputReader(source);
  const output = readOutputInputs(reader, context);
  const selection = readSelectionInputs(reader, context.workspace, output !== undefined);
  const tags = readTags(reader);
  const store = readStoreInputs(reader, context);
  const credentials = readCredentialInputs(reader);
  const incremental = readIncrementalInputs(reader);
  const transfer = readTransferInputs(reader);
  const retryForMs = readRetryFor(reader);
  const resume = reader.flag('resume');
  const prune = reader.flag('prune');
  const rules = readRetentionInputs(reader);
  const lock = readLockInputs(reader, rules);
  const dryRun = reader.flag('dry-run');
  checkAccess(store, credentials);
  const notes = notesOn({ store, credentials, retention: rules });
  const retention = prune ? rules : { ...rules, policy: {} };
  return {
    selection,
    ...(output && { output }),
    tags,
    store,
    credentials,
    incremental,
    transfer,
    retryForMs,
    resume,
    retention,
    ...(lock && { lock }),
    dryRun,
    notes,
  };
}
