import { describe, expect, it } from '@jest/globals';
import { flagWords } from '../../src/cli/flag-words.ts';

describe('flagWords', () => {
  it.each([
    [
      'Set `overwrite: changed`, or choose another `target`.',
      'Set `--overwrite changed`, or choose another `--target`.',
    ],
    ['Set `links: keep`.', 'Set `--links keep`.'],
    ['Set `on-not-found: ignore`.', 'Set `--on-not-found ignore`.'],
    ['`verify` with `version: all` tells.', '`verify` with `--version all` tells.'],
    ['it only goes with `level: data`: set that', 'it only goes with `--level data`: set that'],
    ['`layout: files` needs no threads.', '`--layout files` needs no threads.'],
    ['set `include-hidden-files: true`', 'set `--include-hidden-files true`'],
    ['`strip-components: 2` leaves nothing', '`--strip-components 2` leaves nothing'],
    ['Check `bucket`, `prefix` and `name`.', 'Check `--bucket`, `--prefix` and `--name`.'],
  ])('%s', (message, expected) => {
    expect(flagWords(message)).toBe(expected);
  });

  it.each([
    'The input `sse` is "x", but it must be one of `none` and `aws:kms`',
    'a `concurrency:` group of the workflow',
    'write `bucket: …` into the file',
    'see the output `damaged`',
    '`{matrix}` stands for nothing',
    'the tag `key=value`, the time `30d`, the place `run:7`',
    'the path of the bucket',
    'set `--target`',
    'another `command`, which only a workflow has, and `state: pinned`',
    '',
  ])('leaves alone what is no flag: %s', (message) => {
    expect(flagWords(message)).toBe(message);
  });
});
