import { InputError } from '../errors.ts';
import type { Variables } from '../github/environment.ts';
import { listed } from '../inputs/reader.ts';
import { ALL_INPUT_NAMES } from './declared.ts';
import { similarName } from './similar.ts';

const PREFIX = 'VSB_';

/** What variables can say beside the inputs. */
export interface OwnVariables {
  readonly config?: string;
  readonly profile?: string;
  readonly idTokenFile?: string;
  /** An OIDC token: never log it. */
  readonly idToken?: string;
}

const OWN: Readonly<Record<string, keyof OwnVariables>> = {
  VSB_CONFIG: 'config',
  VSB_PROFILE: 'profile',
  VSB_ID_TOKEN_FILE: 'idTokenFile',
  VSB_ID_TOKEN: 'idToken',
};

/** `aws-region` → `VSB_AWS_REGION` */
export function variableOf(input: string): string {
  return PREFIX + input.toUpperCase().replaceAll('-', '_');
}

const INPUTS: ReadonlyMap<string, string> = new Map([...ALL_INPUT_NAMES].map((name) => [variableOf(name), name]));

/**
 * The inputs that variables give, by name. One that is set to nothing is given, and empty.
 * @throws InputError for a variable with the prefix that means nothing
 */
export function variableInputs(variables: Variables): ReadonlyMap<string, string> {
  const own = Object.entries(variables).filter(([name]) => name.startsWith(PREFIX) && !Object.hasOwn(OWN, name));
  const unknown = own.map(([name]) => name).filter((name) => !INPUTS.has(name));
  if (unknown.length > 0) throw unknownVariables(unknown);
  return new Map(own.flatMap(([name, value]) => (value === undefined ? [] : [[INPUTS.get(name) ?? name, value]])));
}

/** What variables say beside the inputs; empty ones say nothing. */
export function ownVariables(variables: Variables): OwnVariables {
  const found = Object.entries(OWN).map(([name, field]) => [field, variables[name]?.trim()] as const);
  return Object.fromEntries(found.filter(([, value]) => value !== undefined && value !== ''));
}

function unknownVariables(names: readonly string[]): InputError {
  const [subject, object] = names.length === 1 ? ['variable', 'it'] : ['variables', 'them'];
  const meant = names.flatMap((name) => similarName(name, [...INPUTS.keys(), ...Object.keys(OWN)]) ?? []);
  const question = meant.length === 0 ? '' : ` (did you mean ${listed(meant)}?)`;
  return new InputError(
    'command',
    `The environment has the ${subject} ${listed(names)}, but no command has such an input: correct ${object}${question}, or unset ${object}.`,
  );
}
