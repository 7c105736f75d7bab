import { access, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { z } from 'zod';
import { codeOf, InputError, messageOf } from '../errors.ts';
import { listed, shown } from '../inputs/reader.ts';
import { ALL_INPUT_NAMES } from './declared.ts';
import { similarName } from './similar.ts';

/** Looked for in the current directory, in this order. */
export const LOCAL_NAMES: readonly string[] = [
  'versioned-s3-backup.yml',
  'versioned-s3-backup.yaml',
  'versioned-s3-backup.json',
];
/** Looked for in the user's own directory for configuration, after those. */
export const USER_NAMES: readonly string[] = ['config.yml', 'config.yaml', 'config.json'].map((name) =>
  join('versioned-s3-backup', name),
);

const PROFILES = 'profiles';

/** Why a file cannot be read, by the system's code. */
const READ_PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: 'is not there',
  EISDIR: 'is a directory',
  EACCES: 'must not be read by this user',
};

const scalarSchema = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const valueSchema = z.union([scalarSchema, z.array(scalarSchema).transform((lines) => lines.join('\n'))]);

/** Inputs of a file, by name. */
export type FileInputs = ReadonlyMap<string, string>;

/** @returns path of the first file that is there; undefined where none is */
export async function findConfigFile(directories: {
  readonly current: string;
  /** `$XDG_CONFIG_HOME` or what stands for it. */
  readonly user: string;
}): Promise<string | undefined> {
  const { current, user } = directories;
  const candidates = [...LOCAL_NAMES.map((name) => join(current, name)), ...USER_NAMES.map((name) => join(user, name))];
  for (const path of candidates) if (await isThere(path)) return path;
  return undefined;
}

/**
 * The inputs at the top of a file, and those of a profile over them.
 * @throws InputError for a file that cannot be read or has anything in it that is no input
 */
export async function readConfigFile(path: string, profile: string | undefined): Promise<FileInputs> {
  const { [PROFILES]: profiles = {}, ...common } = groupOf(path, '', await parsedFile(path));
  const groups = Object.entries(groupOf(path, PROFILES, profiles));
  const inputs = new Map(groups.map(([name, group]) => [name, inputsOf(path, `${PROFILES}.${name}`, group)]));
  const chosen = profile === undefined ? new Map<string, string>() : inputs.get(profile);
  if (chosen === undefined) throw noProfile(path, profile ?? '', [...inputs.keys()]);
  return new Map([...inputsOf(path, '', common), ...chosen]);
}

/** The error for a profile where there is no file that could have it. */
export function profileWithoutFile(profile: string): InputError {
  return new InputError(
    'profile',
    `The profile ${shown(profile)} was asked for, but there is no configuration file: write one, or name it with --config.`,
  );
}

/** In YAML all that is not a list or a mapping is taken as text: `012345678901` stays what it is. */
async function parsedFile(path: string): Promise<unknown> {
  const text = await readText(path);
  try {
    if (extname(path) === '.json') return JSON.parse(text);
    const { parse } = await import(/* webpackMode: "eager" */ 'yaml');
    return parse(text, { schema: 'failsafe' }) ?? {};
  } catch (error) {
    throw broken(path, `is neither YAML nor JSON (${messageOf(error).split('\n')[0]}): correct it`);
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const problem = READ_PROBLEMS[codeOf(error) ?? ''] ?? `cannot be read (${messageOf(error)})`;
    throw broken(path, `${problem}: name one that can be read, with --config or VSB_CONFIG`);
  }
}

function inputsOf(path: string, place: string, group: unknown): FileInputs {
  return new Map(
    Object.entries(groupOf(path, place, group)).map(([name, value]) => {
      const key = keyOf(place, name);
      if (!ALL_INPUT_NAMES.has(name)) throw unknownKey(path, key, name);
      const text = valueSchema.safeParse(value);
      if (!text.success) throw broken(path, `has at ${key} neither a text nor a list of texts: write one of them`);
      return [name, text.data] as const;
    }),
  );
}

function unknownKey(path: string, key: string, name: string): InputError {
  const meant = similarName(name, ALL_INPUT_NAMES);
  const remedy = meant === undefined ? 'correct it' : `correct it (did you mean ${shown(meant)}?)`;
  return broken(path, `has the key ${key}, but no command has such an input: ${remedy}, or take it out`);
}

function groupOf(path: string, place: string, value: unknown): Readonly<Record<string, unknown>> {
  if (isGroup(value)) return value;
  throw broken(
    path,
    `has ${place === '' ? 'at its top' : `at ${shown(place)}`} no names of inputs: write \`bucket: …\``,
  );
}

function isGroup(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function keyOf(place: string, name: string): string {
  return shown(place === '' ? name : `${place}.${name}`);
}

function noProfile(path: string, profile: string, known: readonly string[]): InputError {
  const none = 'it has none, so write one below `profiles`, or leave --profile and VSB_PROFILE out';
  const remedy = known.length === 0 ? none : `choose one of ${listed(known)}`;
  return new InputError('profile', `The file ${shown(path)} has no profile ${shown(profile)}: ${remedy}.`);
}

function broken(path: string, problem: string): InputError {
  return new InputError('config', `The file ${shown(path)} ${problem}.`);
}

async function isThere(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
