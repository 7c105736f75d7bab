import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { actionFolders } from '../../scripts/stubs.ts';
import type { Command } from '../../src/commands/command.ts';
import type { AccessInputs } from '../../src/inputs/access.ts';
import { actionYaml, actionYamlOf, context, type Inputs, minimalInputsOf, sourceOf } from './support.ts';

const PROJECT = join(import.meta.dirname, '../..');

/** What a step has to give though no single input is required. */
const NEEDED: Readonly<Record<string, Inputs>> = { backup: { path: 'dist/**' }, prune: { 'keep-last': '14' } };

/** Inputs that mean something else than those of the same name of the backup action. */
const OWN_MEANING: Readonly<Record<string, readonly string[]>> = {
  list: ['name'],
  restore: ['path'],
  verify: ['max-age'],
};

const NAMES = ['backup', ...(await actionFolders(PROJECT))];
const ACTIONS = await Promise.all(
  NAMES.map(async (name) => ({ name, yaml: actionYamlOf(name), command: await commandOf(name) })),
);

async function commandOf(name: string): Promise<Command<AccessInputs, never>> {
  const module = await import(`../../src/commands/${name}/command.ts`);
  return module[`${name}Command`];
}

it('there is one for every command', () => {
  expect(NAMES).toEqual(expect.arrayContaining(['backup', 'list', 'pin', 'prune']));
});

describe.each(ACTIONS)('action.yml of $name', ({ name, yaml, command }) => {
  const inputs = { ...minimalInputsOf(yaml), ...NEEDED[name] };

  it('belongs to the command of its name', () => expect(command.name).toBe(name));

  it('declares the inputs that are read, and no other', () => {
    const names = new Set<string>();
    const source = sourceOf(inputs);
    command.parse(
      {
        get: (input) => source.get(names.add(input) && input),
        getLines: (input) => source.getLines(names.add(input) && input),
      },
      context,
    );
    expect([...names].sort()).toEqual(Object.keys(yaml.inputs).sort());
  });

  it('resolves placeholders as all the others do', () => {
    const templates = { prefix: '{owner}/{workflow}', name: '{repo}_{ref}', matrix: '{"os":"linux"}' };
    const resolved = (given: Inputs) => command.parse(sourceOf({ ...inputs, ...given }), context).store;
    expect(resolved(templates)).toMatchObject({ prefix: 'octo-org/Backup', series: 'demo_main' });
    expect(resolved({ ...templates, name: '{matrix}-{job}' })).toMatchObject({ series: 'os.linux-backup' });
  });

  it('declares the outputs that are written, in their order', () => {
    expect(Object.keys(yaml.outputs)).toEqual([...command.outputNames]);
  });

  it('describes every input and output in one sentence or more', () => {
    const descriptions = [...Object.values(yaml.inputs), ...Object.values(yaml.outputs)];
    expect(descriptions.filter(({ description }) => !/^[A-Z].*\.$/.test(description))).toEqual([]);
  });

  it('has texts for defaults: YAML would turn a bare `false` or `32` into something else', () => {
    const defaults = Object.values(yaml.inputs).map((input) => typeof input.default);
    expect(new Set(defaults)).toEqual(new Set(['string', 'undefined']));
  });

  it('says of an input that backup has too what is said there', () => {
    const own = OWN_MEANING[name] ?? [];
    const shared = Object.entries(yaml.inputs).filter(
      ([input]) => Object.hasOwn(actionYaml.inputs, input) && !own.includes(input),
    );
    expect(shared.length).toBeGreaterThanOrEqual(13);
    for (const [input, definition] of shared)
      expect({ [input]: definition }).toEqual({ [input]: actionYaml.inputs[input] });
  });

  it('says of an output that backup has too what is said there', () => {
    const shared = ['requests', 'duration-ms'].map((output) => [output, yaml.outputs[output]]);
    expect(shared).toEqual(['requests', 'duration-ms'].map((output) => [output, actionYaml.outputs[output]]));
  });

  it('lets the session do something, and nothing without asking for the listing', () => {
    const features = command.features(command.parse(sourceOf(inputs), context));
    expect(features).toContain('read');
  });
});
