import { describe, expect, it } from '@jest/globals';
import { resultOf } from '../../src/cli/result.ts';
import { BackupError, InputError } from '../../src/errors.ts';

describe('resultOf', () => {
  it('has the outputs, those of JSON as what they are, and none that is empty', () => {
    const outputs = { version: '12', pruned: '["a"]', difference: '{"added":1}', target: '[not JSON', empty: '' };
    expect(resultOf({ command: 'backup', exitCode: 0, outputs, problems: [] })).toEqual({
      command: 'backup',
      ok: true,
      exitCode: 0,
      outputs: { version: '12', pruned: ['a'], difference: { added: 1 }, target: '[not JSON' },
      problems: [],
    });
  });

  it('has what was found out before a failure, and why it failed', () => {
    const error = new BackupError('Two entries are damaged.', {
      class: 'permanent',
      code: 'DAMAGED',
      key: 'k',
      hint: 'Do.',
    });
    const problem = { kind: 'odd', message: 'Odd.', count: 1, examples: [] };
    expect(resultOf({ command: 'verify', exitCode: 3, outputs: { ok: 'false' }, problems: [problem], error })).toEqual({
      command: 'verify',
      ok: false,
      exitCode: 3,
      outputs: { ok: 'false' },
      problems: [problem],
      error: { message: 'Two entries are damaged.', key: 'k', code: 'DAMAGED', hint: 'Do.' },
    });
  });

  it.each([
    [new InputError('bucket', 'No.', { operation: 'read' }), { message: 'No.', input: 'bucket', operation: 'read' }],
    [new Error('broken\n'), { message: 'broken\\n' }],
    ['thrown', { message: 'thrown' }],
  ])('says of %s what there is to say', (error, expected) => {
    expect(resultOf({ command: '', exitCode: 2, problems: [], error }).error).toEqual(expected);
  });
});
