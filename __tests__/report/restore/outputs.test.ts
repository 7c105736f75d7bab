import { describe, expect, it } from '@jest/globals';
import { RESTORE_OUTPUT_NAMES, restoreOutputs } from '../../../src/report/restore/outputs.ts';
import { NOT_FOUND, RESTORED } from './fixture.ts';

describe('restoreOutputs', () => {
  it('says what was restored', () => {
    expect(restoreOutputs(RESTORED)).toEqual({
      found: 'true',
      version: '42',
      'version-id': 'dist_full_20261122T080910Z_000042',
      target: '/work/restored-dist-000042-abc',
      files: '3',
      bytes: '4096',
      requests: '10',
      'duration-ms': '2000',
    });
  });

  it('has a text for every output where nothing was found', () => {
    const outputs = restoreOutputs(NOT_FOUND);
    expect(Object.keys(outputs)).toEqual([...RESTORE_OUTPUT_NAMES]);
    expect(outputs).toMatchObject({
      found: 'false',
      version: '',
      'version-id': '',
      target: '',
      files: '0',
      bytes: '0',
    });
  });
});
