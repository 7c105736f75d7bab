import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  findConfigFile,
  LOCAL_NAMES,
  profileWithoutFile,
  readConfigFile,
  USER_NAMES,
} from '../../src/cli/config-file.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'config-'));
});
afterEach(() => rm(directory, { recursive: true }));

async function plant(name: string, text: string): Promise<string> {
  const path = join(directory, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  return path;
}

async function read(name: string, text: string, profile?: string): Promise<object> {
  return Object.fromEntries(await readConfigFile(await plant(name, text), profile));
}

const YAML = `
bucket: acme
prefix: backups
path:
  - dist/**
  - '!**/*.map'
concurrency: 8
dry-run: true
profiles:
  staging:
    bucket: acme-staging
  empty: {}
`;

describe('readConfigFile', () => {
  it('takes texts and lists of texts from YAML', async () => {
    expect(await read('a.yml', YAML)).toEqual({
      bucket: 'acme',
      prefix: 'backups',
      path: 'dist/**\n!**/*.map',
      concurrency: '8',
      'dry-run': 'true',
    });
  });

  it('puts a profile over what is common to all', async () => {
    expect(await read('a.yml', YAML, 'staging')).toMatchObject({ bucket: 'acme-staging', prefix: 'backups' });
    expect(await read('a.yml', YAML, 'empty')).toMatchObject({ bucket: 'acme' });
  });

  it('takes YAML as it is written: numbers keep their zeros, words stay words', async () => {
    const text = 'expected-bucket-owner: 012345678901\nversion: 12e4567\nname: no\nprefix:\n';
    expect(await read('a.yaml', text)).toEqual({
      'expected-bucket-owner': '012345678901',
      version: '12e4567',
      name: 'no',
      prefix: '',
    });
  });

  it('takes JSON', async () => {
    const text = '{"bucket": "acme", "concurrency": 8, "prune": false, "path": ["a", "b"]}';
    expect(await read('a.json', text)).toEqual({ bucket: 'acme', concurrency: '8', prune: 'false', path: 'a\nb' });
  });

  it.each(['', '# nothing yet\n'])('takes a file without anything: %j', async (text) => {
    expect(await read('a.yml', text)).toEqual({});
  });

  it.each([
    [
      'a.yml',
      'bukcet: x',
      undefined,
      'but no command has such an input: correct it (did you mean "bucket"?), or take it out.',
    ],
    [
      'a.yml',
      'quantity: x',
      undefined,
      'has the key "quantity", but no command has such an input: correct it, or take it',
    ],
    ['a.yml', 'profiles: { a: { bukcet: x } }', undefined, 'has the key "profiles.a.bukcet", but no command'],
    ['a.json', '{"__proto__": {"bucket": "x"}}', undefined, 'has the key "__proto__", but no command'],
    ['a.yml', 'bucket: { name: x }', undefined, 'has at "bucket" neither a text nor a list of texts'],
    ['a.json', '{"bucket": null}', undefined, 'has at "bucket" neither a text nor a list of texts'],
    ['a.yml', '- bucket', undefined, 'has at its top no names of inputs'],
    ['a.yml', 'profiles: [a]', undefined, 'has at "profiles" no names of inputs'],
    ['a.yml', 'profiles: { a: x }', undefined, 'has at "profiles.a" no names of inputs'],
    ['a.yml', 'bucket: a\nbucket: b', undefined, 'is neither YAML nor JSON (Map keys must be unique'],
    ['a.json', '{bucket: "x"}', undefined, 'is neither YAML nor JSON ('],
    ['a.yml', YAML, 'production', 'has no profile "production": choose one of `staging` and `empty`.'],
    [
      'a.yml',
      'bucket: x',
      'production',
      'has no profile "production": it has none, so write one below `profiles`, or leave --profile',
    ],
  ])('refuses %s with %j and profile %s', async (name, text, profile, reason) => {
    await expect(read(name, text, profile)).rejects.toThrow(reason);
  });

  it('says which file it cannot read', async () => {
    const path = join(directory, 'absent.yml');
    await expect(readConfigFile(path, undefined)).rejects.toThrow(
      `The file ${JSON.stringify(path)} is not there: name one that can be read, with --config or VSB_CONFIG.`,
    );
    await expect(readConfigFile(directory, undefined)).rejects.toThrow(
      'is a directory: name one that can be read, with',
    );
  });
});

describe('findConfigFile', () => {
  const find = () => findConfigFile({ current: join(directory, 'here'), user: join(directory, 'user') });

  it('finds none where there is none', async () => expect(await find()).toBeUndefined());

  it('prefers the current directory to that of the user, and the first name to the others', async () => {
    const paths = [...LOCAL_NAMES.map((name) => join('here', name)), ...USER_NAMES.map((name) => join('user', name))];
    for (const path of paths.reverse()) {
      await plant(path, '');
      expect(await find()).toBe(join(directory, path));
    }
  });
});

describe('profileWithoutFile', () => {
  it('names the profile', () =>
    expect(profileWithoutFile('a').message).toContain('The profile "a" was asked for, but'));
});
