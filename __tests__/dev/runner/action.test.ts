import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readAction } from '../../../dev/runner/action.ts';

describe('readAction', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'action-'));
  });

  afterEach(() => rm(folder, { recursive: true }));

  const write = (yaml: string) => writeFile(join(folder, 'action.yml'), yaml);

  it('reads scripts and inputs, and keeps numbers and booleans as they are written', async () => {
    await write(`
name: Demo
inputs:
  bucket: { description: b, required: true }
  size: { default: 1.0 }
  flag: { default: false, deprecationMessage: gone }
  bare:
  lines:
    default: |
      a
      b
runs: { using: node24, main: ../dist/index.js, post: post.js }
`);
    const action = await readAction(folder);
    expect(action).toEqual(await readAction(join(folder, 'action.yml')));
    expect(action).toMatchObject({
      name: 'Demo',
      main: join(folder, '../dist/index.js'),
      post: join(folder, 'post.js'),
    });
    expect(Object.fromEntries(action.inputs)).toEqual({
      bucket: { default: '' },
      size: { default: '1.0' },
      flag: { default: 'false', deprecationMessage: 'gone' },
      bare: { default: '' },
      lines: { default: 'a\nb\n' },
    });
  });

  it('does without inputs and post', async () => {
    await write('name: x\nruns: { using: node24, main: a.js }');
    expect(await readAction(folder)).toEqual({ name: 'x', main: join(folder, 'a.js'), inputs: new Map() });
  });

  it.each(['name: x', 'name: x\nruns: { using: docker, image: y }', 'name: x\nruns: { using: node24 }'])(
    'refuses %j',
    async (yaml) => {
      await write(yaml);
      await expect(readAction(folder)).rejects.toThrow('does not describe a JavaScript action');
    },
  );
});
