import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FILE_COMMANDS, type FileCommandPaths } from './file-commands.ts';

/** The folders and files that the runner lays out for a job; absolute paths. */
export interface JobFolder {
  readonly root: string;
  readonly home: string;
  readonly temp: string;
  readonly toolCache: string;
  readonly eventPath: string;
  readonly fileCommands: FileCommandPaths;
  /** Where the action's process leaves its peak memory, in bytes. */
  readonly memoryReport: string;
}

/**
 * @param event the payload of the event that started the run
 * @param temp a folder to use as RUNNER_TEMP, which is then kept; otherwise one inside the job's own
 */
export async function createJobFolder(event: object, temp: string | undefined): Promise<JobFolder> {
  const root = await mkdtemp(join(tmpdir(), 'runner-'));
  const commands = join(root, '_runner_file_commands');
  const folder: JobFolder = {
    root,
    home: join(root, 'home'),
    temp: temp ?? join(root, '_temp'),
    toolCache: join(root, 'tool-cache'),
    eventPath: join(root, 'event.json'),
    fileCommands: {
      output: join(commands, 'set_output'),
      state: join(commands, 'save_state'),
      env: join(commands, 'set_env'),
      path: join(commands, 'add_path'),
      step_summary: join(commands, 'step_summary'),
    },
    memoryReport: join(root, 'peak-memory'),
  };
  const folders = [commands, folder.home, folder.temp, folder.toolCache];
  await Promise.all(folders.map((path) => mkdir(path, { recursive: true })));
  await Promise.all(FILE_COMMANDS.map((command) => writeFile(folder.fileCommands[command], '')));
  await writeFile(folder.eventPath, JSON.stringify(event, undefined, 2));
  return folder;
}

export async function removeJobFolder(folder: JobFolder): Promise<void> {
  await rm(folder.root, { recursive: true });
}
