import { describe, expect, it } from '@jest/globals';
import { tellVanished } from '../../../src/commands/backup/vanished.ts';
import { BackupError } from '../../../src/errors.ts';
import { VANISHED } from '../../../src/source-file.ts';
import { recordingLog } from '../../aws/support/log.ts';

function failure(vanished: { count: number; examples: string[] }): unknown {
  try {
    tellVanished(vanished, 'error', recordingLog());
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('tellVanished', () => {
  it('says nothing where nothing vanished', () => {
    expect(failure({ count: 0, examples: [] })).toBeUndefined();
  });

  it('fails by name where it is an error', () => {
    const error = failure({ count: 3, examples: ['a\n', 'b'] });
    expect(error).toBeInstanceOf(BackupError);
    expect(error).toMatchObject({
      message: '3 selected paths vanished before being read: "a\\n", "b" and 1 more.',
      details: { class: 'local', code: VANISHED, key: 'a\n', hint: expect.stringContaining('`if-file-changed: warn`') },
    });
  });

  it('warns of each otherwise', () => {
    const log = recordingLog();
    tellVanished({ count: 3, examples: ['a', 'b'] }, 'warn', log);
    expect(log.warnings.map(({ kind }) => kind)).toEqual(['file-vanished', 'file-vanished', 'file-vanished']);
    expect(log.warnings.map(({ subject }) => subject)).toEqual(['a', 'b', undefined]);
  });
});
