import { join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from '@jest/globals';
import type { FaultScript } from '../../../dev/s3-server/faults/script.ts';
import { objectKey } from '../../../src/store/object-key.ts';
import { s3Client } from '../../dev/s3-server/integration/support.ts';
import { count } from '../../faults/ledger.ts';
import { failure, stored } from '../../series/series-fixture.ts';
import { BUCKET, openBench, type S3Bench } from '../../store/s3/bench.ts';
import { file, Scene, treeOf } from './scene.ts';

/** How long silence is borne here; users have two minutes (`S3_IDLE_TIMEOUT_MS`). A busy machine is slow, not silent. */
const IDLE_MS = 1000;
/** Where all tries have to run out. */
const SHORT_IDLE_MS = 250;
/** Far more than it takes: a restore that waits for ever fails here. */
const TIMEOUT_MS = 60_000;

const RECORD = { operation: 'GetObject', key: /\/versions\// };
const INDEX = { operation: 'GetObject', key: /index\.ndjson\.zst$/ };
const DATA = { operation: 'GetObject', key: /\/files\/whole$/ };
const RANGE = { operation: 'GetObject', key: /\/files\/large$/ };
const LIST = { operation: 'ListObjectsV2' };

const CONTENT = { small: 'text', whole: 'w'.repeat(100_000), large: 'l'.repeat(9 * 2 ** 20) };

/** A version on a real S3 server, and a restore of it with these faults, each of which has to have come up. */
async function restoreWith(fault: FaultScript, idleTimeoutMs = IDLE_MS) {
  const scene = await Scene.create();
  const bench: S3Bench = await openBench({ idleTimeoutMs });
  try {
    await scene.publish({
      items: Object.entries(CONTENT)
        .map(([path, text]) => file(path, text))
        .sort(byPath),
    });
    const client = s3Client(bench.server);
    for await (const { key } of scene.store.list('')) {
      const body = await stored(scene.store, objectKey(key));
      await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: body }));
    }
    bench.server.faults.add(fault);
    const target = join(scene.workspace, 'target');
    const outcome = await scene.restore({ target }, { store: bench.store }).catch((error: unknown) => ({ error }));
    expect(bench.server.faults.report().filter(({ fired }) => fired === 0)).toEqual([]);
    return { outcome, tree: await treeOf(scene.workspace) };
  } finally {
    await bench.close();
    await scene[Symbol.asyncDispose]();
  }
}

function byPath(a: ReturnType<typeof file>, b: ReturnType<typeof file>): number {
  return a.entry.path < b.entry.path ? -1 : 1;
}

describe('a store that falls silent during a restore', () => {
  it.each<[string, FaultScript]>([
    ['before the headers of a listing', { match: LIST, action: { type: 'silence' } }],
    ['in the middle of the record', { match: RECORD, action: { type: 'stallAnswer', afterBytes: 20 } }],
    ['in the middle of the index', { match: INDEX, action: { type: 'stallAnswer', afterBytes: 20 } }],
    ['before the headers of a file', { match: DATA, action: { type: 'silence' } }],
    ['in the middle of a file', { match: DATA, action: { type: 'stallAnswer', afterBytes: 40_000 } }],
    ['in the middle of a range', { match: RANGE, action: { type: 'stallAnswer', afterBytes: 2 ** 20 } }],
  ])(
    '%s: everything is there in the end',
    async (where, fault) => {
      const { outcome, tree } = await restoreWith(fault);
      expect(outcome).toMatchObject({ restored: { totals: { files: 3 } } });
      const { target: _directory, ...files } = tree;
      expect(Object.keys(files)).toEqual(
        Object.keys(CONTENT)
          .sort()
          .map((name) => `target/${name}`),
      );
      for (const [name, text] of Object.entries(CONTENT)) expect(files[`target/${name}`] === text).toBe(true);
      count(`silence on a real clock ${where}`, 1);
    },
    TIMEOUT_MS,
  );

  it(
    'and stays so in the middle of a file: an error that names it, and no such file',
    async () => {
      const stall = { type: 'stallAnswer', afterBytes: 0 } as const;
      const { outcome, tree } = await restoreWith(
        { match: DATA, times: Number.POSITIVE_INFINITY, action: stall },
        SHORT_IDLE_MS,
      );
      expect(outcome).toEqual({ error: failure('transient', /./, { key: expect.stringMatching(/\/files\/whole$/) }) });
      expect(Object.keys(tree).filter((path) => path.includes('whole') || path.includes('.restore-'))).toEqual([]);
      count('silence on a real clock in the middle of a file, for good', 1);
    },
    TIMEOUT_MS,
  );
});
