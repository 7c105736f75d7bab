import { describe, expect, it } from '@jest/globals';
import { layeredInputs, leftOutNotes, sharedLayer } from '../../src/cli/configuration.ts';
import type { TerminalCommand } from '../../src/cli/declared.ts';

const input = (name: string, fallback: string) => ({
  name,
  fallback,
  description: '',
  fallbackMeaning: fallback,
  required: false,
  kind: 'text' as const,
});

const COMMAND: TerminalCommand = {
  name: 'pin',
  action: 'pin',
  description: '',
  inputs: [input('bucket', ''), input('prefix', 'backups'), input('path', '')],
  fixed: { state: 'pinned' },
};

describe('sharedLayer', () => {
  it('keeps from commands that delete the age that verify is told', () => {
    const layer = new Map([
      ['bucket', 'acme-backups'],
      ['max-age', '26h'],
    ]);
    const names = ['verify', 'prune', 'backup'].map((name) => [...sharedLayer({ name }, layer).keys()]);
    expect(names).toEqual([['bucket', 'max-age'], ['bucket'], ['bucket']]);
  });
});

describe('leftOutNotes', () => {
  const file = new Map([['max-age', '26h']]);
  const none = new Map<string, string>();

  it('says what is left out, and how to ask for it', () => {
    expect(leftOutNotes({ name: 'prune' }, none, [none, file])).toEqual([
      'max-age of the configuration is for verify and is left out here: only the flag --max-age makes prune delete by it',
    ]);
  });

  it.each([
    ['where it counts', 'verify', none, [file]],
    ['where there is none', 'prune', none, [none]],
    ['where a flag says it', 'prune', new Map([['max-age', '90d']]), [file]],
  ])('says nothing %s', (_title, name, flags, layers) => {
    expect(leftOutNotes({ name }, flags, layers)).toEqual([]);
  });
});

describe('layeredInputs', () => {
  it('takes the first layer that has the input, then its default, then nothing', () => {
    const layers = [
      new Map([['bucket', 'flag']]),
      new Map([
        ['bucket', 'variable'],
        ['path', 'v'],
      ]),
      new Map([['path', 'f']]),
    ];
    const { get } = layeredInputs(COMMAND, layers);
    expect(['bucket', 'path', 'prefix', 'unknown'].map(get)).toEqual(['flag', 'v', 'backups', '']);
  });

  it('takes what is empty as given', () => {
    expect(layeredInputs(COMMAND, [new Map([['prefix', '']]), new Map([['prefix', 'x']])]).get('prefix')).toBe('');
  });

  it('lets no layer change what the name of the command says', () => {
    expect(layeredInputs(COMMAND, [new Map([['state', 'unpinned']])]).get('state')).toBe('pinned');
  });

  it('cuts spaces around texts and lines, and leaves out empty lines, as the runner does', () => {
    const { get, getLines } = layeredInputs(COMMAND, [
      new Map([
        ['bucket', '  b '],
        ['path', ' a \r\n\n \n!b\n'],
      ]),
    ]);
    expect(get('bucket')).toBe('b');
    expect(getLines('path')).toEqual(['a', '!b']);
  });
});
