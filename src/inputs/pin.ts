import { type AccessInputs, readAccessInputs } from './access.ts';
import type { InputContext } from './context.ts';
import { readEncryption } from './encryption.ts';
import { present, text } from './fields.ts';
import { InputReader } from './reader.ts';
import type { InputSource } from './source.ts';
import { versionSchema } from './version.ts';

const STATES = ['pinned', 'unpinned'] as const;

/** What is shown of a pin stays readable. */
const MAX_REASON_CHARACTERS = 1000;

/** All that the pin command is told by its user. */
export interface PinInputs extends AccessInputs {
  /** See `parseVersionSelector`. */
  readonly version: string;
  readonly state: (typeof STATES)[number];
  /** May be empty. */
  readonly reason: string;
}

/**
 * Reads and checks every input of the pin action, in the order of its action.yml.
 * @throws InputError for the first that is refused
 */
export function parsePinInputs(source: InputSource, context: InputContext): PinInputs {
  const reader = new InputReader(source);
  const version = reader.read('version', versionSchema);
  const state = reader.choice('state', STATES);
  const reason = reader.read('reason', text(reasonProblem));
  const { store, ...access } = readAccessInputs(reader, context);
  const encryption = readEncryption(reader, store.endpoint === undefined);
  return { version, state, reason, store: { ...store, ...present({ encryption }) }, ...access };
}

function reasonProblem(reason: string): string | undefined {
  const characters = [...reason].length;
  return characters > MAX_REASON_CHARACTERS
    ? `it has ${characters} characters and ${MAX_REASON_CHARACTERS} are allowed: shorten it`
    : undefined;
}
