import { truncate, writeFile } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { BackupError } from '../../src/errors.ts';
import { CHANGED, SourceFile } from '../../src/source-file.ts';
import { objectKey } from '../../src/store/object-key.ts';
import { Lanes } from '../../src/transfer/lanes.ts';
import { type SentObject, sendParts } from '../../src/transfer/send-parts.ts';
import type { UploadContext } from '../../src/transfer/upload-file.ts';
import { failure, stored } from '../series/series-fixture.ts';
import { settled } from './gate.ts';
import {
  bytesFor,
  contextFor,
  type Hooks,
  PART,
  RecordingStore,
  sha256Of,
  type TestContext,
  Workspace,
  watchReads,
} from './transfer-fixture.ts';

const KEY = objectKey('data/large');
const transient = () => new BackupError('connection reset', { class: 'transient' });

let workspace: Workspace;
/** Files that are closed once their parts are sent. */
const closing: Promise<void>[] = [];

beforeEach(async () => {
  workspace = await Workspace.create();
});

afterEach(async () => {
  await Promise.all(closing.splice(0));
  await workspace[Symbol.asyncDispose]();
});

interface Sending {
  readonly store: RecordingStore;
  readonly context: TestContext;
  readonly sent: Promise<SentObject>;
}

/** Begins to send the parts of the file `large`; completes the upload when they are all there. */
async function begin(hooks: Hooks = {}, fields: Partial<UploadContext> = {}): Promise<Sending> {
  const store = new RecordingStore(hooks);
  const context = contextFor(store, fields);
  const file = await SourceFile.open(workspace.at('large'));
  const upload = await store.openUpload(KEY, { size: file.state.size, partSize: PART });
  const sent = sendParts(file, PART, upload, context).then(async (whole) => {
    await upload.complete(whole);
    return whole;
  });
  closing.push(
    sent
      .then(
        () => {},
        () => {},
      )
      .then(() => file.close()),
  );
  return { store, context, sent };
}

const partsOf = (store: RecordingStore) => store.events.filter((event) => event.what === 'part');

describe('sendParts', () => {
  it.each([
    ['a multiple of the part size', 3 * PART, [PART, PART, PART]],
    ['a byte more', 2 * PART + 1, [PART, PART, 1]],
    ['a byte less', 2 * PART - 1, [PART, PART - 1]],
    ['less than a part', 5, [5]],
    ['nothing', 0, [0]],
  ])('sends a file of %s in parts of exact sizes', async (_what, size, sizes) => {
    const bytes = bytesFor(size);
    await workspace.write('large', bytes);
    const { store, context, sent } = await begin();
    expect(await sent).toEqual({ size, sha256: sha256Of(bytes), crc32: crc32(bytes) });
    const parts = partsOf(store).sort((a, b) => a.number - b.number);
    expect(parts).toEqual(sizes.map((each, index) => ({ what: 'part', number: index + 1, bytes: each })));
    expect((await stored(store, KEY)).equals(bytes)).toBe(true);
    expect(context.sent.reduce((sum, each) => sum + each, 0)).toBe(size);
  });

  it('reads every byte once, in the order of the file', async () => {
    await workspace.write('large', bytesFor(5 * PART + 9));
    await using watch = await watchReads();
    await (await begin()).sent;
    const reads = watch.reads.filter(({ bytes }) => bytes > 0);
    let position = 0;
    for (const read of reads) {
      expect(read.position).toBe(position);
      position += read.bytes;
    }
    expect(position).toBe(5 * PART + 9);
  });

  it('sends as many parts at once as there are lanes, in no more buffers', async () => {
    const buffers = new Set<ArrayBufferLike>();
    let inFlight = 0;
    let most = 0;
    await workspace.write('large', bytesFor(20 * PART));
    const { sent } = await begin(
      {
        part: async ({ bytes }) => {
          buffers.add(bytes.buffer);
          most = Math.max(most, ++inFlight);
          for (let turn = 0; turn < 20; turn++) await settled();
          inFlight -= 1;
        },
      },
      { lanes: new Lanes(3, PART) },
    );
    await sent;
    expect(most).toBe(3);
    expect(buffers.size).toBe(3);
  });

  it('sends parts that are done in any order', async () => {
    const bytes = bytesFor(4 * PART);
    await workspace.write('large', bytes);
    const first = Promise.withResolvers<void>();
    const { store, sent } = await begin({
      part: async ({ number }) => {
        if (number === 4) first.resolve();
        else if (number === 1) await first.promise;
      },
    });
    await sent;
    expect((await stored(store, KEY)).equals(bytes)).toBe(true);
  });
});

describe('a part that fails', () => {
  const bytes = bytesFor(3 * PART);

  beforeEach(() => workspace.write('large', bytes));

  it.each(['transient', 'throttled', 'conflict'] as const)(
    'is read from disk again and sent again after a failure of class %s',
    async (errorClass) => {
      await using watch = await watchReads();
      const waits: number[] = [];
      const { store, context, sent } = await begin(
        {
          part: ({ number, bytes: body }, attempt) => {
            if (number !== 2 || attempt > 2) return;
            // What is in memory is no longer to be trusted.
            body.fill(0);
            throw new BackupError('failed', { class: errorClass });
          },
        },
        { sleep: async (ms) => void waits.push(ms), random: () => 1 },
      );
      expect(await sent).toEqual({ size: bytes.length, sha256: sha256Of(bytes), crc32: crc32(bytes) });
      expect((await stored(store, KEY)).equals(bytes)).toBe(true);
      expect(partsOf(store).filter(({ number }) => number === 2)).toHaveLength(3);
      expect(watch.reads.map(({ position }) => position).sort((a, b) => a - b)).toEqual([
        0,
        PART,
        PART,
        PART,
        2 * PART,
      ]);
      expect(waits).toEqual(errorClass === 'throttled' ? [1000, 2000] : [100, 200]);
      expect(context.sent).toHaveLength(3);
    },
  );

  it.each<[string, (path: string) => Promise<void>]>([
    ['was written to', (path) => writeFile(path, bytesFor(3 * PART).fill(1, PART + 5, PART + 6))],
    ['was cut off', (path) => truncate(path, PART + 7)],
    ['was emptied', (path) => truncate(path, 0)],
  ])('is not sent again when its file %s meanwhile', async (_what, change) => {
    const { store, sent } = await begin({
      part: async ({ number }) => {
        if (number !== 2) return;
        await change(workspace.at('large'));
        throw transient();
      },
    });
    await expect(sent).rejects.toEqual(
      failure('local', /changed while it was read/, {
        code: CHANGED,
        expected: `CRC-32 ${crc32(bytes.subarray(PART, 2 * PART))}`,
      }),
    );
    expect(partsOf(store).filter(({ number }) => number === 2)).toHaveLength(1);
  });

  it('is sent again as it was hashed where a change is no error', async () => {
    const { store, sent } = await begin(
      {
        part: async ({ number }, attempt) => {
          if (number !== 2 || attempt > 1) return;
          await writeFile(workspace.at('large'), bytesFor(3 * PART).fill(1));
          throw transient();
        },
      },
      { failOnChange: false },
    );
    const { size, sha256 } = await sent;
    const whole = await stored(store, KEY);
    expect({ size, sha256 }).toEqual({ size: whole.length, sha256: sha256Of(whole) });
    expect(whole.subarray(PART, 2 * PART).equals(bytes.subarray(PART, 2 * PART))).toBe(true);
  });

  it('fails the whole, once all parts in flight have ended', async () => {
    const release = Promise.withResolvers<void>();
    let ended = 0;
    const { store, sent } = await begin({
      part: async ({ number }) => {
        if (number === 2) throw new BackupError('denied', { class: 'permanent' });
        await release.promise;
        ended += 1;
      },
    });
    let outcome = 'open';
    const failed = sent.catch((error: Error) => {
      outcome = error.message;
    });
    while (partsOf(store).length < 2) await settled();
    for (let turn = 0; turn < 20; turn++) await settled();
    expect(outcome).toBe('open');
    release.resolve();
    await failed;
    expect([outcome, ended]).toEqual(['denied', partsOf(store).length - 1]);
  });

  it('keeps later parts from being read', async () => {
    await workspace.write('large', bytesFor(30 * PART));
    const { store, sent } = await begin(
      {
        part: () => {
          throw new BackupError('denied', { class: 'permanent' });
        },
      },
      { lanes: new Lanes(1, PART) },
    );
    await expect(sent).rejects.toThrow('denied');
    expect(partsOf(store).length).toBeLessThanOrEqual(2);
  });

  it('is not sent again after a cancellation, and no other is read', async () => {
    await using watch = await watchReads();
    const controller = new AbortController();
    const reason = new Error('cancelled');
    const { store, sent } = await begin(
      {
        part: () => {
          controller.abort(reason);
          throw transient();
        },
      },
      { signal: controller.signal, lanes: new Lanes(1, PART) },
    );
    await expect(sent).rejects.toBe(reason);
    expect(partsOf(store)).toHaveLength(1);
    expect(watch.reads).toEqual([{ position: 0, bytes: PART }]);
  });
});

describe('a file that changes size', () => {
  it.each([
    ['to nothing', 0],
    ['in its first part', 10],
    ['between two parts', 2 * PART],
    ['in a later part', 2 * PART + 10],
  ])('is sent as far as it goes when it is cut off %s', async (_where, length) => {
    const bytes = bytesFor(6 * PART);
    const path = await workspace.write('large', bytes);
    let cut = false;
    await using watch = await watchReads(async () => {
      if (cut) return;
      cut = true;
      await truncate(path, length);
    });
    const { store, sent } = await begin();
    // The first part was read before the file was cut.
    const expected = bytes.subarray(0, Math.max(PART, length));
    expect(await sent).toEqual({ size: expected.length, sha256: sha256Of(expected), crc32: crc32(expected) });
    expect((await stored(store, KEY)).equals(expected)).toBe(true);
    expect(partsOf(store).every((part) => part.bytes > 0)).toBe(true);
    expect(watch.reads.filter((read) => read.bytes === 0)).toHaveLength(1);
  });

  it('is sent up to the size it had when it grows', async () => {
    const bytes = bytesFor(2 * PART + 5);
    const path = await workspace.write('large', bytes);
    await using _watch = await watchReads(() => writeFile(path, bytesFor(9 * PART)));
    const { sent } = await begin();
    expect((await sent).size).toBe(bytes.length);
  });
});
