import type { InputSource } from '../inputs/source.ts';
import type { TerminalCommand } from './declared.ts';

/** Inputs by name, from one place. */
export type Layer = ReadonlyMap<string, string>;

/**
 * Inputs that mean one thing to most commands and another to these, which so take them as flags only: what a file or the
 * environment says for `verify` must delete nothing.
 */
const FLAGS_ONLY: Readonly<Record<string, readonly string[]>> = { backup: ['max-age'], prune: ['max-age'] };

/**
 * What to say of inputs of a file or the environment that {@link sharedLayer} leaves out, where no flag has them.
 * @param layers as they were read
 */
export function leftOutNotes(
  { name }: Pick<TerminalCommand, 'name'>,
  flags: Layer,
  layers: readonly Layer[],
): string[] {
  const own = FLAGS_ONLY[name] ?? [];
  const left = own.filter((input) => !flags.has(input) && layers.some((layer) => layer.has(input)));
  return left.map(
    (input) =>
      `${input} of the configuration is for verify and is left out here: only the flag --${input} makes ${name} delete by it`,
  );
}

/** A layer that all commands share, without what this command takes as a flag only. */
export function sharedLayer({ name }: Pick<TerminalCommand, 'name'>, layer: Layer): Layer {
  const own = FLAGS_ONLY[name] ?? [];
  return new Map([...layer].filter(([input]) => !own.includes(input)));
}

/**
 * The inputs of a command: what its name decides, then the layers in their order, then what is declared as default.
 * @param layers the first that has an input gives it
 */
export function layeredInputs({ inputs, fixed }: TerminalCommand, layers: readonly Layer[]): InputSource {
  const fallbacks = new Map(inputs.map(({ name, fallback }) => [name, fallback]));
  const all = [new Map(Object.entries(fixed)), ...layers, fallbacks];
  const get = (name: string) => (all.find((layer) => layer.has(name))?.get(name) ?? '').trim();
  return {
    get,
    getLines: (name) =>
      get(name)
        .split(/\r\n|\r|\n/)
        .map((line) => line.trim())
        .filter((line) => line !== ''),
  };
}
