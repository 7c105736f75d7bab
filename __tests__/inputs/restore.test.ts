import { describe, expect, it } from '@jest/globals';
import { parseRestoreInputs } from '../../src/inputs/restore.ts';
import type { InputSource } from '../../src/inputs/source.ts';
import { RESTORE_OUTPUT_NAMES } from '../../src/report/restore/outputs.ts';
import { actionYaml, actionYamlOf, context, type Inputs, minimalInputsOf, sourceOf } from '../github/support.ts';

const declared = actionYamlOf('restore');

const defaults: Inputs = minimalInputsOf(declared);

const parseWith = (inputs: Inputs) =>
  parseRestoreInputs(sourceOf({ ...defaults, bucket: 'acme-backups', ...inputs }), context);

describe('restore/action.yml', () => {
  it('declares the inputs that are read, and no other', () => {
    const asked = new Set<string>();
    const source = sourceOf({ ...defaults, bucket: 'acme-backups', 'role-chain': 'arn:aws:iam::123456789012:role/b' });
    const note = (name: string) => {
      asked.add(name);
      return name;
    };
    const noting: InputSource = {
      get: (name) => source.get(note(name)),
      getLines: (name) => source.getLines(note(name)),
    };
    parseRestoreInputs(noting, context);
    expect([...asked].sort()).toEqual(Object.keys(declared.inputs).sort());
  });

  it('declares the outputs that are written, in their order', () => {
    expect(Object.keys(declared.outputs)).toEqual([...RESTORE_OUTPUT_NAMES]);
  });

  it('has the same names, texts and defaults as the backup where both have an input', () => {
    const own = ['path', 'version', 'target', 'overwrite', 'strip-components', 'links', 'on-not-found'];
    for (const [name, input] of Object.entries(declared.inputs)) {
      if (!own.includes(name)) expect([name, input]).toEqual([name, actionYaml.inputs[name]]);
    }
  });
});

describe('parseRestoreInputs', () => {
  it('restores all of the latest version into a fresh directory by default, and overwrites nothing', () => {
    expect(parseWith({})).toMatchObject({
      patterns: [],
      version: 'latest',
      workspace: context.workspace,
      rules: { overwrite: 'never', stripComponents: 0, links: 'refuse' },
      onNotFound: 'error',
      concurrency: 32,
      maxMemory: 256e6,
      store: { bucket: 'acme-backups', prefix: 'backups', series: 'demo' },
      notes: [],
    });
    expect(parseWith({})).not.toHaveProperty('target');
  });

  it('resolves a target against the workspace', () => {
    expect(parseWith({ target: 'out' }).target).toBe(`${context.workspace}/out`);
    expect(parseWith({ target: '/srv/x' }).target).toBe('/srv/x');
  });

  it('leaves remarks out of the patterns', () => {
    expect(parseWith({ path: '# all\ndist/**\n!**/*.map' }).patterns).toEqual(['dist/**', '!**/*.map']);
  });

  it.each([
    ['overwrite', 'yes', '`never`, `changed` and `always`'],
    ['links', 'follow', '`refuse` and `keep`'],
    ['on-not-found', 'warn', '`error` and `ignore`'],
    ['strip-components', '-1', 'a whole number from 0 to 512'],
    ['strip-components', '', 'a whole number'],
    ['version', 'newest', '`latest`, a number'],
    ['path', '../x', 'a pattern has no `..` segment'],
    ['concurrency', '0', 'from 1 to 256'],
  ])('refuses %s: %j', (name, value, rule) => {
    expect(() => parseWith({ [name]: value })).toThrow(rule);
  });

  it('warns of an endpoint that others can listen to', () => {
    expect(parseWith({ endpoint: 'http://s3.example.com' }).notes).toMatchObject([{ kind: 'insecure-endpoint' }]);
  });
});
