import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { BackupError, InputError } from '../../src/errors.ts';
import { idTokenPort } from '../../src/github/oidc.ts';
import { onRunner } from './support.ts';

const TOKEN = 'header.payload.signature';
const REQUEST_TOKEN = 'request-token';

let server: Server;
/** What the issuer does with request 1, 2, 3 …; the last goes for all that follow. */
let answers: RequestListener[];
let requests: { readonly url: string; readonly authorization: string }[];
let pauses: number[];

const tokenAnswer: RequestListener = (_request, response) => response.end(JSON.stringify({ value: TOKEN }));
const lostConnection: RequestListener = (request) => request.socket.destroy();
const statusAnswer =
  (status: number): RequestListener =>
  (_request, response) =>
    response.writeHead(status).end(JSON.stringify({ message: `status ${status}` }));

beforeEach(async () => {
  [answers, requests, pauses] = [[tokenAnswer], [], []];
  server = createServer((request, response) => {
    requests.push({ url: request.url ?? '', authorization: request.headers.authorization ?? '' });
    const answer = answers[Math.min(requests.length, answers.length) - 1];
    answer?.(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  process.env.ACTIONS_ID_TOKEN_REQUEST_URL = `http://127.0.0.1:${port}/token?api-version=2.0`;
  process.env.ACTIONS_ID_TOKEN_REQUEST_TOKEN = REQUEST_TOKEN;
});

afterEach(async () => {
  delete process.env.ACTIONS_ID_TOKEN_REQUEST_URL;
  delete process.env.ACTIONS_ID_TOKEN_REQUEST_TOKEN;
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
});

/** The port without its pauses, which are only counted. */
function newPort() {
  return idTokenPort({ hasIdToken: true }, async (milliseconds) => {
    pauses.push(milliseconds);
  });
}

async function askForToken(): Promise<{ result: unknown; masks: readonly string[]; log: string }> {
  let result: unknown;
  const runner = await onRunner(
    async () => {
      result = await newPort()
        .getIdToken('sts.example.com')
        .catch((error: unknown) => error);
    },
    { debug: true },
  );
  return { result, masks: runner.masks, log: runner.text() };
}

describe('idTokenPort', () => {
  it('asks for a token of the audience, and masks it', async () => {
    const { result, masks, log } = await askForToken();
    expect(result).toBe(TOKEN);
    expect(requests).toEqual([
      { url: '/token?api-version=2.0&audience=sts.example.com', authorization: `Bearer ${REQUEST_TOKEN}` },
    ]);
    expect(masks).toEqual(expect.arrayContaining([TOKEN, Buffer.from(TOKEN).toString('base64')]));
    expect(log).not.toContain(TOKEN);
  });

  it('asks anew on every call, since a token lives five minutes', async () => {
    await askForToken();
    await askForToken();
    expect(requests).toHaveLength(2);
  });

  it.each([
    ['lost connections', [lostConnection, lostConnection, tokenAnswer]],
    ['status 500', [statusAnswer(500), statusAnswer(500), tokenAnswer]],
    ['status 429', [statusAnswer(429), lostConnection, tokenAnswer]],
  ])('tries again after %s, waiting longer each time', async (_name, script) => {
    answers = script;
    const { result } = await askForToken();
    expect(result).toBe(TOKEN);
    expect(pauses).toEqual([500, 1000]);
  });

  it('gives up after four attempts', async () => {
    answers = [lostConnection];
    const { result } = await askForToken();
    expect(result).toBeInstanceOf(BackupError);
    expect(result).toMatchObject({ class: 'transient', details: { operation: 'GetIdToken', attempts: 4 } });
    expect(requests).toHaveLength(4);
  });

  it('does not repeat what GitHub refused', async () => {
    answers = [statusAnswer(403)];
    const { result } = await askForToken();
    expect(result).toMatchObject({ class: 'permanent', details: { httpStatus: 403, attempts: 1 } });
    expect(requests).toHaveLength(1);
  });

  it('tells why in the cause, without the token of the request', async () => {
    answers = [statusAnswer(403)];
    const { result } = await askForToken();
    const { cause } = result as BackupError;
    expect(String(cause)).toMatch(/Error Code : 403 .*status 403/);
    expect(String(cause)).not.toContain(REQUEST_TOKEN);
  });

  it('says which permission is missing where there is none, without a request', async () => {
    const error = await idTokenPort({ hasIdToken: false })
      .getIdToken('sts.example.com')
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(InputError);
    expect(error).toMatchObject({
      input: 'role-to-assume',
      message: expect.stringContaining('id-token: write'),
      details: { hint: expect.stringMatching(/permissions:\n +id-token: write[\s\S]*forks/) },
    });
    expect(requests).toEqual([]);
  });
});
