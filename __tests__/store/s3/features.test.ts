import { describe, expect, it } from '@jest/globals';
import { BackupError, type ErrorClass } from '../../../src/errors.ts';
import { silentLog, type Warning } from '../../../src/log.ts';
import { type Feature, Features } from '../../../src/store/s3/features.ts';

const ALL = ['tagging', 'full-object-checksums', 'checksums'] as const;

/** A refusal as stores word them. */
interface Refusal {
  readonly code: string;
  readonly message: string;
}

/** A store that lacks some features and refuses requests that use them. */
class Store {
  readonly calls: string[] = [];
  readonly warnings: Warning[] = [];
  readonly features = new Features({ ...silentLog, warn: (warning) => void this.warnings.push(warning) });
  readonly #lacks: ReadonlyMap<Feature, Refusal>;

  constructor(lacks: readonly (readonly [Feature, Refusal])[] = []) {
    this.#lacks = new Map(lacks);
  }

  /** Makes a request; `then` is what the store does once it has no more objections. */
  request(used: readonly Feature[] = ALL, then: () => string = () => 'done'): Promise<string> {
    return this.features.attempt(used, async (has) => {
      const sent = used.filter(has);
      this.calls.push(sent.join(' '));
      for (const feature of sent) {
        const refusal = this.#lacks.get(feature);
        if (refusal !== undefined) throw refused(refusal);
      }
      return then();
    });
  }
}

function refused({ code, message }: Refusal, errorClass: ErrorClass = 'permanent'): BackupError {
  return new BackupError('The store cannot do PutObject.', { class: errorClass, code, cause: new Error(message) });
}

const NO_TAGGING = { code: 'NotImplemented', message: "Header 'x-amz-tagging' with value 'a=b' not implemented" };
const NO_WHOLE = { code: 'InvalidArgument', message: 'Unsupported header: x-amz-checksum-type' };
const NO_CHECKSUMS = { code: 'InvalidRequest', message: 'Checksum algorithm provided is unsupported.' };
const UNNAMED = { code: 'NotImplemented', message: 'A header you provided implies functionality not implemented.' };

const kindsOf = (store: Store) => store.warnings.map(({ kind }) => kind);

describe('Features', () => {
  it('uses all there is, without a word', async () => {
    const store = new Store();
    await expect(store.request()).resolves.toBe('done');
    expect([store.calls, store.warnings]).toEqual([[ALL.join(' ')], []]);
    expect(ALL.every((feature) => store.features.has(feature))).toBe(true);
  });

  it.each<[Feature, Refusal, string]>([
    ['tagging', NO_TAGGING, 'full-object-checksums checksums'],
    ['full-object-checksums', NO_WHOLE, 'tagging checksums'],
    ['checksums', NO_CHECKSUMS, 'tagging full-object-checksums'],
    ['tagging', { ...UNNAMED, code: 'UnsupportedHeader', message: 'Tagging' }, 'full-object-checksums checksums'],
  ])('leaves out %s where the refusal names it, and says so once', async (feature, refusal, rest) => {
    const store = new Store([[feature, refusal]]);
    await store.request();
    await store.request();
    expect(store.calls).toEqual([ALL.join(' '), rest, rest]);
    expect(store.warnings).toEqual([{ kind: `store-without-${feature}`, message: expect.any(String) }]);
    expect(store.features.has(feature)).toBe(false);
  });

  it('leaves out one after the other', async () => {
    const store = new Store([
      ['tagging', NO_TAGGING],
      ['full-object-checksums', NO_WHOLE],
      ['checksums', NO_CHECKSUMS],
    ]);
    await expect(store.request()).resolves.toBe('done');
    expect(store.calls.at(-1)).toBe('');
    expect(kindsOf(store).sort()).toEqual(ALL.map((feature) => `store-without-${feature}`).sort());
  });

  it('guesses where the refusal names nothing, and believes the guess that works', async () => {
    const store = new Store([['tagging', UNNAMED]]);
    await store.request();
    expect(store.calls).toEqual([ALL.join(' '), 'full-object-checksums checksums']);
    expect(kindsOf(store)).toEqual(['store-without-tagging']);
  });

  it('drops nothing that the request does not use', async () => {
    const store = new Store();
    await expect(store.request(['checksums'], fails(refused(NO_TAGGING)))).rejects.toMatchObject({
      details: { code: 'NotImplemented' },
    });
    expect(store.features.has('tagging')).toBe(true);
  });

  it('says once what several requests find out at once', async () => {
    const store = new Store([['tagging', NO_TAGGING]]);
    await Promise.all([store.request(), store.request(), store.request()]);
    expect(kindsOf(store)).toEqual(['store-without-tagging']);
  });

  it.each([
    ['access is denied', refused({ code: 'AccessDenied', message: 's3:PutObjectTagging' })],
    ['the store is in trouble', refused({ code: 'SlowDown', message: 'tagging' }, 'throttled')],
    ['another was faster', refused({ code: 'PreconditionFailed', message: 'tagging' }, 'lost-race')],
    ['an argument is wrong that is none of these', refused({ code: 'InvalidArgument', message: 'storage class' })],
    ['something is thrown that is none of ours', new Error('x-amz-tagging')],
  ])('leaves nothing out where %s', async (_why, error) => {
    const store = new Store();
    await expect(store.request(ALL, fails(error))).rejects.toBe(error);
    expect([store.calls.length, store.warnings]).toEqual([1, []]);
    expect(ALL.every((feature) => store.features.has(feature))).toBe(true);
  });

  it('says what the store said first where leaving things out does not help, and has learnt nothing', async () => {
    const store = new Store();
    const first = refused(UNNAMED);
    const errors = [first, refused(UNNAMED), refused(UNNAMED), refused(UNNAMED)];
    await expect(store.request(ALL, () => fails(errors.shift())())).rejects.toBe(first);
    expect(store.calls).toHaveLength(4);
    expect([store.warnings, ALL.every((feature) => store.features.has(feature))]).toEqual([[], true]);
  });
});

function fails(error: unknown): () => never {
  return () => {
    throw error;
  };
}

describe('what comes behind a refusal', () => {
  it.each(['lost-race', 'conflict', 'transient', 'throttled', 'expired'] as const)(
    'is passed on as %s',
    async (errorClass) => {
      const store = new Store([['tagging', NO_TAGGING]]);
      const error = refused({ code: 'PreconditionFailed', message: '' }, errorClass);
      const request = store.request(ALL, () => {
        throw error;
      });
      await expect(request).rejects.toBe(error);
    },
  );
});
