import { describe, expect, it } from '@jest/globals';
import { LIST_OUTPUT_NAMES, listOutputs } from '../../../src/report/list/outputs.ts';
import {
  CHANGES_REPORT,
  ENTRIES,
  ENTRIES_REPORT,
  FILE,
  SERIES_REPORT,
  VERSIONS,
  VERSIONS_REPORT,
} from './list-reports.ts';

describe('listOutputs', () => {
  it.each([SERIES_REPORT, VERSIONS_REPORT, ENTRIES_REPORT, CHANGES_REPORT])(
    'has every output of list/action.yml for $kind, the arrays of other kinds empty',
    (report) => {
      const outputs = listOutputs(report);
      expect(Object.keys(outputs)).toEqual([...LIST_OUTPUT_NAMES]);
      const { series, versions, entries, changes } = outputs;
      const arrays = { series, versions, entries, changes };
      expect(arrays).toEqual({
        ...{ series: '', versions: '', entries: '', changes: '' },
        [report.kind]: JSON.stringify(report.items.first),
      });
    },
  );

  it('tells of a list that is whole', () => {
    expect(listOutputs(VERSIONS_REPORT)).toMatchObject({
      kind: 'versions',
      versions: JSON.stringify(VERSIONS),
      difference: '',
      count: '3',
      truncated: 'false',
      file: FILE,
      requests: '6',
      'duration-ms': '1235',
    });
  });

  it('tells of a list that is cut off', () => {
    expect(listOutputs(ENTRIES_REPORT)).toMatchObject({
      entries: JSON.stringify(ENTRIES),
      count: '5000',
      truncated: 'true',
    });
  });

  it('has the amounts of a difference, without its examples', () => {
    const { difference } = listOutputs(CHANGES_REPORT);
    expect(JSON.parse(difference)).toEqual({
      from: { number: 41, id: 'dist_full_20261121T080910Z_000041', time: '2026-11-22T08:09:10.000Z' },
      to: { number: 42, id: 'dist_full_20261122T080910Z_000042', time: '2026-11-22T08:09:10.000Z' },
      added: { count: 1, bytes: 5 },
      changed: { count: 0, bytes: 0 },
      removed: { count: 1, bytes: 7 },
      unchanged: { count: 3, bytes: 99 },
    });
  });
});
