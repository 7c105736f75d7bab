import type { AccessInputs } from '../inputs/access.ts';
import type { Command } from './command.ts';

/** A command whose inputs and report only itself looks into. */
export type AnyCommand = Command<AccessInputs, unknown>;

/**
 * All commands by name, for the runner's edge and the terminal. Loaded when asked for, as each pulls in the SDK; but out
 * of the one bundle: in files of their own most of it would be there twice.
 */
export const COMMANDS: Readonly<Record<string, () => Promise<AnyCommand>>> = {
  backup: async () => (await import(/* webpackMode: "eager" */ './backup/command.ts')).backupCommand,
  restore: async () => (await import(/* webpackMode: "eager" */ './restore/command.ts')).restoreCommand,
  verify: async () => (await import(/* webpackMode: "eager" */ './verify/command.ts')).verifyCommand,
  list: async () => (await import(/* webpackMode: "eager" */ './list/command.ts')).listCommand,
  prune: async () => (await import(/* webpackMode: "eager" */ './prune/command.ts')).pruneCommand,
  pin: async () => (await import(/* webpackMode: "eager" */ './pin/command.ts')).pinCommand,
};
