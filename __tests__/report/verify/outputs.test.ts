import { describe, expect, it } from '@jest/globals';
import { VERIFY_OUTPUT_NAMES, verifyOutputs } from '../../../src/report/verify/outputs.ts';
import { ID } from '../../series/series-fixture.ts';
import { aReport, DAMAGE, STALENESS } from './fixture.ts';

describe('the outputs of a verification', () => {
  it('are those of action.yml, in its order', () => {
    expect(Object.keys(verifyOutputs(aReport()))).toEqual([...VERIFY_OUTPUT_NAMES]);
  });

  it('say what was found', () => {
    const damaged = { first: [DAMAGE], count: 3, file: '/tmp/list.ndjson' };
    expect(verifyOutputs(aReport({ damaged, notComparable: 1 }))).toEqual({
      ok: 'false',
      versions: JSON.stringify([ID]),
      'checked-objects': '3',
      'checked-bytes': '1234',
      'not-comparable': '1',
      damaged: JSON.stringify([DAMAGE]),
      'damaged-count': '3',
      'damaged-file': '/tmp/list.ndjson',
      requests: '7',
      'duration-ms': '1235',
    });
  });

  it('are not ok where the newest version is too old', () => {
    expect(verifyOutputs(aReport()).ok).toBe('true');
    expect(verifyOutputs(aReport({ staleness: STALENESS })).ok).toBe('false');
  });
});
