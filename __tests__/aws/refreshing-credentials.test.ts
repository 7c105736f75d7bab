import { describe, expect, it } from '@jest/globals';
import type { Credentials } from '../../src/aws/credential-types.ts';
import { RefreshingCredentials } from '../../src/aws/refreshing-credentials.ts';
import { recordingLog } from './support/log.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** A source whose answers the test gives one by one, and a clock it sets. */
function setUp(lifetimeMs: number | 'no end' = HOUR_MS) {
  const log = recordingLog();
  const state = { now: 0, calls: 0, forced: [] as boolean[], failure: undefined as Error | undefined };
  const secrets: string[] = [];
  const credentials = new RefreshingCredentials({
    source: async ({ forced }): Promise<Credentials> => {
      state.calls++;
      state.forced.push(forced);
      if (state.failure !== undefined) throw state.failure;
      const keys = { accessKeyId: `KEY${state.calls}`, secretAccessKey: `secret ${state.calls}` };
      return lifetimeMs === 'no end' ? keys : { ...keys, expiration: new Date(state.now + lifetimeMs) };
    },
    now: () => state.now,
    log,
    onSecret: (value) => void secrets.push(value),
  });
  const keyId = async () => (await credentials.provide()).accessKeyId;
  /** Lets a refresh that nobody waits for come to its end. */
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return { state, credentials, keyId, settle, log, secrets };
}

describe('RefreshingCredentials', () => {
  it('asks once for requests that come together', async () => {
    const { state, keyId } = setUp();
    expect(await Promise.all([keyId(), keyId(), keyId()])).toEqual(['KEY1', 'KEY1', 'KEY1']);
    expect(state.calls).toBe(1);
  });

  it('tells the secrets of every session, once', async () => {
    const { state, keyId, secrets } = setUp();
    await Promise.all([keyId(), keyId()]);
    await keyId();
    expect(secrets).toEqual(['secret 1']);
    state.now = HOUR_MS;
    await keyId();
    expect(secrets).toEqual(['secret 1', 'secret 2']);
  });

  it('tells the SDK to keep nothing itself', () => {
    expect(setUp().credentials.provide.memoized).toBe(true);
  });

  it('asks nobody while the session is young', async () => {
    const { state, keyId } = setUp();
    await keyId();
    state.now = HOUR_MS - 6 * MINUTE_MS;
    expect(await keyId()).toBe('KEY1');
    expect(state.calls).toBe(1);
  });

  it('renews in the last five minutes, with the old session in use meanwhile', async () => {
    const { state, keyId, settle } = setUp();
    await keyId();
    state.now = HOUR_MS - 4 * MINUTE_MS;
    expect(await Promise.all([keyId(), keyId()])).toEqual(['KEY1', 'KEY1']);
    await settle();
    expect(state.calls).toBe(2);
    expect(await keyId()).toBe('KEY2');
  });

  it('renews a session of seconds in its last quarter, not all the time', async () => {
    const { state, keyId, settle } = setUp(4000);
    await keyId();
    state.now = 2900;
    await keyId();
    expect(state.calls).toBe(1);
    state.now = 3100;
    await keyId();
    await settle();
    expect(await keyId()).toBe('KEY2');
    expect(state.calls).toBe(2);
  });

  it('waits for the refresh at the last moment', async () => {
    const { state, keyId } = setUp();
    await keyId();
    state.now = HOUR_MS - 1000;
    expect(await keyId()).toBe('KEY2');
  });

  it('keeps working while a refresh fails, warns, and tries again after a pause', async () => {
    const { state, keyId, settle, log } = setUp();
    await keyId();
    state.failure = new Error('issuer down');
    state.now = HOUR_MS - 4 * MINUTE_MS;
    for (let request = 0; request < 5; request++) {
      expect(await keyId()).toBe('KEY1');
      await settle();
    }
    expect(state.calls).toBe(2);
    expect(log.warnings).toEqual([expect.objectContaining({ kind: 'credential-refresh', reason: 'issuer down' })]);
    state.failure = undefined;
    state.now += MINUTE_MS;
    await keyId();
    await settle();
    expect(await keyId()).toBe('KEY3');
  });

  it('uses the old session to its end when the refresh fails at the last moment', async () => {
    const { state, keyId } = setUp();
    await keyId();
    state.failure = new Error('issuer down');
    state.now = HOUR_MS - 1;
    expect(await keyId()).toBe('KEY1');
  });

  it('fails when the session is over and there is no new one', async () => {
    const { state, keyId } = setUp();
    await keyId();
    state.failure = new Error('issuer down');
    state.now = HOUR_MS;
    await expect(keyId()).rejects.toThrow('issuer down');
    state.failure = undefined;
    expect(await keyId()).toBe('KEY3');
  });

  it('fails at once when there never was a session, without a warning', async () => {
    const { state, keyId, log } = setUp();
    state.failure = new Error('denied');
    await expect(keyId()).rejects.toThrow('denied');
    expect(log.warnings).toEqual([]);
  });

  it('keeps keys that do not expire', async () => {
    const { state, keyId } = setUp('no end');
    await keyId();
    state.now = 1e15;
    expect(await keyId()).toBe('KEY1');
  });

  it('is not stopped by keys that seem expired already: the store is the judge', async () => {
    const { keyId } = setUp(-1000);
    expect(await keyId()).toBe('KEY1');
    expect(await keyId()).toBe('KEY2');
  });
});

describe('renewal', () => {
  it('gets a new session past all caches, however young the present one is', async () => {
    const { state, credentials, keyId } = setUp();
    await keyId();
    await credentials.renewal()();
    expect(await keyId()).toBe('KEY2');
    expect(state.forced).toEqual([false, true]);
  });

  it('is done once for requests that failed together', async () => {
    const { state, credentials, keyId } = setUp();
    await keyId();
    const [first, second, late] = [credentials.renewal(), credentials.renewal(), credentials.renewal()];
    await Promise.all([first(), second()]);
    await late();
    expect(state.calls).toBe(2);
  });

  it('is done again for a request that was made with the new session', async () => {
    const { credentials, keyId } = setUp();
    await keyId();
    await credentials.renewal()();
    await credentials.renewal()();
    expect(await keyId()).toBe('KEY3');
  });

  it('says when it failed', async () => {
    const { state, credentials, keyId } = setUp();
    await keyId();
    state.failure = new Error('denied');
    await expect(credentials.renewal()()).rejects.toThrow('denied');
    expect(await keyId()).toBe('KEY1');
  });
});
