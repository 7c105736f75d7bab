import type { VerifyReport } from '../../../src/report/verify/types.ts';
import type { Damage } from '../../../src/verification/types.ts';
import { ID, KEYS, RECORD, TIME } from '../../series/series-fixture.ts';

const VERSION = { id: ID, number: 42, type: 'full', time: TIME } as const;

export const DAMAGE: Damage = {
  path: 'b/ü.txt',
  key: KEYS.file(ID, 'b/ü.txt'),
  kind: 'missing',
  problem: 'it is not there',
  versions: [ID],
};

export const STALENESS = {
  maxAge: { ms: 26 * 3_600_000, text: '26h' },
  newest: { version: VERSION, ageMs: 30 * 3_600_000 },
} as const;

/** Of one version, which is damaged if anything is. */
export function aReport(fields: Partial<VerifyReport> = {}): VerifyReport {
  const damaged = fields.damaged ?? { first: [], count: 0, file: '/tmp/list.ndjson' };
  const state = damaged.count > 0 ? 'damaged' : 'intact';
  return {
    place: { bucket: 'bucket', prefix: 'backups', series: 'dist' },
    requests: { writes: 3, reads: 4, free: 0 },
    durationMs: 1234.5,
    problems: [],
    asked: 'latest',
    level: 'objects',
    versions: [{ version: VERSION, state, totals: RECORD.totals }],
    checked: { objects: 3, bytes: 1234 },
    notComparable: 0,
    damaged,
    ...fields,
  };
}
