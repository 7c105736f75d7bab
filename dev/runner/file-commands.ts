import { readFile } from 'node:fs/promises';
import type { SecretMasker } from './masks.ts';

/** The files through which a step talks back; the names of their variables are GITHUB_ and the key in upper case. */
export const FILE_COMMANDS = ['output', 'state', 'env', 'path', 'step_summary'] as const;
export type FileCommand = (typeof FILE_COMMANDS)[number];
/** Absolute paths. */
export type FileCommandPaths = Readonly<Record<FileCommand, string>>;

/** In bytes; a larger summary is dropped as a whole (actions/runner, `FileCommandManager.cs`). */
export const MAX_SUMMARY_BYTES = 1024 * 1024;
/** Variables that a step may not set for the steps after it. */
const BLOCKED_VARIABLES = ['NODE_OPTIONS'];

/** What a step left in its files. */
export interface FileCommandResults {
  readonly outputs: ReadonlyMap<string, string>;
  readonly state: ReadonlyMap<string, string>;
  /** Variables for the following steps. */
  readonly env: ReadonlyMap<string, string>;
  /** Additions to PATH for the following steps. */
  readonly path: readonly string[];
  /** Markdown, masked line by line; empty when there is none or it was dropped. */
  readonly summary: string;
  readonly summaryDropped: boolean;
  /** What the runner complains about. Those of `fatal` fail the step. */
  readonly errors: readonly string[];
  readonly fatal: readonly string[];
}

/** Reads all of a step's files after it has ended. */
export async function readFileCommands(paths: FileCommandPaths, masker: SecretMasker): Promise<FileCommandResults> {
  const fatal: string[] = [];
  const pairs = async (command: FileCommand) => {
    try {
      return parsePairs((await readIfPresent(paths[command])).toString('utf8'));
    } catch (error) {
      fatal.push(`Unable to process file command '${command}' successfully.`, messageOf(error));
      return new Map<string, string>();
    }
  };
  const [outputs, state, env] = [await pairs('output'), await pairs('state'), await pairs('env')];
  const blocked = BLOCKED_VARIABLES.filter((name) => env.delete(name));
  const summary = await readSummary(paths.step_summary, masker);
  return {
    outputs,
    state,
    env,
    path: (await readIfPresent(paths.path))
      .toString('utf8')
      .split(/\r?\n/)
      .filter((line) => line !== ''),
    summary: summary.text,
    summaryDropped: summary.error !== undefined,
    errors: [
      ...blocked.map((name) => `Can't store ${name} output parameter using '$GITHUB_ENV' command.`),
      ...(summary.error === undefined ? [] : [summary.error]),
    ],
    fatal,
  };
}

async function readSummary(path: string, masker: SecretMasker): Promise<{ text: string; error?: string }> {
  const bytes = await readIfPresent(path);
  if (bytes.length > MAX_SUMMARY_BYTES) {
    const [limit, size] = [MAX_SUMMARY_BYTES, bytes.length].map((length) => Math.floor(length / 1024));
    const error = `$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of ${limit}k, got ${size}k.`;
    return { text: '', error };
  }
  const lines = bytes.toString('utf8').split('\n');
  return { text: lines.map((line) => masker.mask(line)).join('\n') };
}

/**
 * Parses `name=value` lines and `name<<delimiter` blocks as strictly as the runner does.
 *
 * @throws {Error} on a line of neither form, an empty name or delimiter, or a block that does not end
 */
export function parsePairs(text: string): Map<string, string> {
  const pairs = new Map<string, string>();
  const lines = new LineReader(text);
  for (let line = lines.next(); line !== undefined; line = lines.next()) {
    if (line.text !== '') {
      const [name, value] = parsePair(line.text, lines);
      pairs.set(name, value);
    }
  }
  return pairs;
}

function parsePair(line: string, lines: LineReader): readonly [name: string, value: string] {
  const form = /^(.*?)(=|<<)(.*)$/s.exec(line);
  if (form === null) {
    throw new Error(`Invalid format '${line}'`);
  }
  const [, name = '', operator, rest = ''] = form;
  if (operator === '=') {
    return [name, rest];
  }
  if (name === '' || rest === '') {
    throw new Error(`Invalid format '${line}'. Name must not be empty and delimiter must not be empty`);
  }
  return [name, readBlock(lines, rest)];
}

function readBlock(lines: LineReader, delimiter: string): string {
  let value = '';
  let pendingBreak = '';
  for (let line = lines.next(); line?.text !== delimiter; line = lines.next()) {
    if (line === undefined) {
      throw new Error(`Invalid value. Matching delimiter not found '${delimiter}'`);
    }
    if (line.lineBreak === '') {
      throw new Error('Invalid value. EOF marker missing new line.');
    }
    value += pendingBreak + line.text;
    pendingBreak = line.lineBreak;
  }
  return value;
}

interface Line {
  readonly text: string;
  /** Empty on a last line that has none. */
  readonly lineBreak: string;
}

/** Lines end with LF, and on Windows with CR LF as well. */
class LineReader {
  readonly #text: string;
  readonly #end = process.platform === 'win32' ? /\r?\n/g : /\n/g;

  constructor(text: string) {
    this.#text = text;
  }

  next(): Line | undefined {
    const start = this.#end.lastIndex;
    if (start < 0 || start >= this.#text.length) {
      return undefined;
    }
    const found = this.#end.exec(this.#text);
    if (found === null) {
      this.#end.lastIndex = this.#text.length;
      return { text: this.#text.slice(start), lineBreak: '' };
    }
    return { text: this.#text.slice(start, found.index), lineBreak: found[0] };
  }
}

/** A step may delete a file that it has no use for. */
async function readIfPresent(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    if (isMissing(error)) {
      return Buffer.alloc(0);
    }
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
