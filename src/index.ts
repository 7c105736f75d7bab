import { backupCommand } from './commands/backup/command.ts';
import { runAction } from './github/run-action.ts';

/** By the name that the entry in `dist/` passes; `dist/index.js` itself is the backup action. */
const ACTIONS: Readonly<Record<string, () => Promise<void>>> = {
  backup: () => runAction(backupCommand),
};

await ACTIONS[process.argv[2] ?? 'backup']?.();
