import { describe, expect, it } from '@jest/globals';
import { LINE_INPUTS, TERMINAL_COMMANDS } from '../../src/cli/declared.ts';
import { COMMANDS } from '../../src/commands/all.ts';
import { InputError } from '../../src/errors.ts';
import declared from '../../src/inputs/declared.json' with { type: 'json' };
import type { InputSource } from '../../src/inputs/source.ts';
import { context } from '../github/support.ts';

const ENOUGH: Readonly<Record<string, string>> = { bucket: 'acme', name: 'widgets', version: '3', path: 'dist/**' };

/** What a command asks its source for, where only the least is given. */
async function askedFor(action: string): Promise<{ lines: Set<string>; all: Set<string> }> {
  const lines = new Set<string>();
  const all = new Set<string>();
  const fallbacks = new Map(
    TERMINAL_COMMANDS.filter((command) => command.action === action).flatMap(({ inputs, fixed }) => [
      ...inputs.map(({ name, fallback }) => [name, fallback] as const),
      ...Object.entries(fixed),
    ]),
  );
  const get = (name: string) => {
    all.add(name);
    return ENOUGH[name] ?? fallbacks.get(name) ?? '';
  };
  const source: InputSource = {
    get,
    getLines(name) {
      lines.add(name);
      return [get(name)].filter((line) => line !== '');
    },
  };
  const command = await COMMANDS[action]?.();
  try {
    command?.parse(source, context);
  } catch (error) {
    if (!(error instanceof InputError)) throw error; // a rule that needs more than the least: all was read before it
  }
  return { lines, all };
}

describe.each(Object.keys(COMMANDS))('%s', (action) => {
  const names = TERMINAL_COMMANDS.filter((command) => command.action === action);
  const inputs = new Set(
    names.flatMap(({ inputs, fixed }) => [...inputs.map(({ name }) => name), ...Object.keys(fixed)]),
  );

  it('can be told every input its action.yml declares', () => {
    const actions: Readonly<Record<string, { readonly inputs: object }>> = declared;
    expect([...inputs].sort()).toEqual(Object.keys(actions[action]?.inputs ?? {}).sort());
  });

  it('reads line by line only what can be given in lines', async () => {
    const { lines, all } = await askedFor(action);
    expect([...lines].sort()).toEqual([...all].filter((name) => LINE_INPUTS.includes(name)).sort());
  });

  it('reads no input that cannot be given', async () => {
    const { all } = await askedFor(action);
    expect([...all].filter((name) => !inputs.has(name))).toEqual([]);
  });
});

describe('TERMINAL_COMMANDS', () => {
  it('has two halves of the pin action', () => {
    const halves = TERMINAL_COMMANDS.filter(({ action }) => action === 'pin');
    expect(halves.map(({ name, fixed }) => ({ name, fixed }))).toEqual([
      { name: 'pin', fixed: { state: 'pinned' } },
      { name: 'unpin', fixed: { state: 'unpinned', reason: '' } },
    ]);
    expect(halves.flatMap(({ inputs }) => inputs.map(({ name }) => name))).not.toContain('state');
  });

  it('leaves nothing for the runner to fill in', () => {
    const texts = TERMINAL_COMMANDS.flatMap(({ inputs }) => inputs.map(({ fallback }) => fallback));
    expect(texts.filter((text) => text.includes('${{'))).toEqual([]);
  });

  it('describes every command', () => {
    expect(TERMINAL_COMMANDS.filter(({ description }) => !/^[A-Z].*\.$/.test(description))).toEqual([]);
  });
});
