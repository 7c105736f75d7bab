import { type KeyObject, randomBytes } from 'node:crypto';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import { closeServer, listen } from '../http/lifecycle.ts';
import { DEFAULT_WORKFLOW, githubClaims, type SubjectForm, type WorkflowIdentity } from './claims.ts';
import { type Claims, type Jwk, signJwt } from './jwt.ts';
import { makeSigningKey, type SigningKey } from './signing-key.ts';

const DEFAULT_AUDIENCE = 'sts.amazonaws.com';
/** The second path is where gateways look that do not read the discovery document. */
const KEY_SET_PATHS = ['/.well-known/jwks', '/protocol/openid-connect/certs'];

export interface IssuerOptions {
  /** Any free port when absent or 0. */
  readonly port?: number;
  readonly host?: string;
  /** The `iss` of its tokens when it is not the address it answers at. */
  readonly issuer?: string;
  /** What the bearer of a token request must show; random when absent. */
  readonly requestToken?: string;
  readonly workflow?: Partial<WorkflowIdentity>;
  readonly subjectForm?: SubjectForm;
  readonly now?: () => Date;
}

/** How the token endpoint fails: with a status, or by breaking the connection. */
export type IssuerFailure = { readonly status: number } | 'reset';

/** Requests so far. `refused` asked without the right bearer, `failed` met a scripted failure. */
export interface IssuerCounts {
  tokens: number;
  refused: number;
  failed: number;
  keySets: number;
}

/** An OpenID Connect issuer that behaves as GitHub's does towards a workflow. Made by `startIssuer`. */
export class Issuer {
  /** Where it answers. */
  readonly url: string;
  /** The `iss` of its tokens. */
  readonly issuer: string;
  readonly counts: IssuerCounts = { tokens: 0, refused: 0, failed: 0, keySets: 0 };
  private readonly server: http.Server;
  private readonly options: IssuerOptions;
  private readonly key: SigningKey;
  private readonly requestToken: string;
  private workflow: WorkflowIdentity;
  private failures: IssuerFailure[] = [];

  constructor(server: http.Server, url: string, options: IssuerOptions) {
    this.server = server;
    this.url = url;
    this.options = options;
    this.issuer = options.issuer ?? url;
    this.key = makeSigningKey(this.now());
    this.requestToken = options.requestToken ?? randomBytes(24).toString('base64url');
    this.workflow = { ...DEFAULT_WORKFLOW, ...options.workflow };
  }

  /** `issuer` without its scheme: the provider's name in IAM and the prefix of its condition keys. */
  get hostPath(): string {
    return this.issuer.replace(/^https?:\/\//u, '');
  }

  /** Self-signed, DER. */
  get certificate(): Buffer {
    return this.key.certificate;
  }

  /** SHA-1 of the certificate in hex. */
  get thumbprint(): string {
    return this.key.thumbprint;
  }

  get jwk(): Jwk {
    return this.key.jwk;
  }

  /** What a job with `id-token: write` finds in its environment. */
  get env(): { readonly ACTIONS_ID_TOKEN_REQUEST_URL: string; readonly ACTIONS_ID_TOKEN_REQUEST_TOKEN: string } {
    return {
      ACTIONS_ID_TOKEN_REQUEST_URL: `${this.url}/token?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: this.requestToken,
    };
  }

  /** Makes a token past the endpoint. `signWith` another key makes a forged one. */
  token(claims: Claims = {}, options: { readonly signWith?: KeyObject } = {}): string {
    return this.sign(DEFAULT_AUDIENCE, claims, options.signWith ?? this.key.privateKey);
  }

  /** Lets the next `times` token requests fail. */
  failNext(times: number, failure: IssuerFailure): void {
    this.failures = Array.from({ length: times }, () => failure);
  }

  /** Changes what later tokens say about the workflow. */
  setWorkflow(workflow: Partial<WorkflowIdentity>): void {
    this.workflow = { ...this.workflow, ...workflow };
  }

  async close(): Promise<void> {
    await closeServer(this.server);
  }

  /** Used by the HTTP server. */
  answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(request.url ?? '/', this.url);
    if (pathname === '/.well-known/openid-configuration') sendJson(response, 200, this.discoveryDocument());
    else if (KEY_SET_PATHS.includes(pathname)) this.answerKeySet(response);
    else if (pathname === '/token') this.answerToken(request, response, searchParams.get('audience') ?? undefined);
    else sendJson(response, 404, { message: 'not found' });
  }

  private now(): Date {
    return this.options.now?.() ?? new Date();
  }

  private sign(audience: string | undefined, overrides: Claims, privateKey: KeyObject): string {
    const form = this.options.subjectForm ?? 'classic';
    const claims = githubClaims(this.workflow, { issuer: this.issuer, audience, form, now: this.now() }, overrides);
    return signJwt({ kid: this.key.jwk.kid, x5t: this.key.jwk.x5t }, claims, privateKey);
  }

  private discoveryDocument(): object {
    return {
      issuer: this.issuer,
      jwks_uri: `${this.url}/.well-known/jwks`,
      subject_types_supported: ['public', 'pairwise'],
      response_types_supported: ['id_token'],
      claims_supported: ['sub', 'aud', 'exp', 'iat', 'iss', 'jti', 'nbf', 'ref', 'repository', 'run_id'],
      id_token_signing_alg_values_supported: ['RS256'],
      scopes_supported: ['openid'],
    };
  }

  private answerKeySet(response: ServerResponse): void {
    this.counts.keySets++;
    sendJson(response, 200, { keys: [this.key.jwk] });
  }

  private answerToken(request: IncomingMessage, response: ServerResponse, audience: string | undefined): void {
    const failure = this.failures.shift();
    const [, bearer] = /^bearer (.*)$/iu.exec(request.headers.authorization ?? '') ?? [];
    if (failure !== undefined) {
      this.counts.failed++;
      if (failure === 'reset') request.socket.resetAndDestroy();
      else sendJson(response, failure.status, { message: 'the token service is out of order' });
    } else if (bearer !== this.requestToken) {
      this.counts.refused++;
      sendJson(response, 401, { message: 'bad request token' });
    } else {
      this.counts.tokens++;
      const value = this.sign(audience, {}, this.key.privateKey);
      sendJson(response, 200, { count: value.length, value });
    }
  }
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

/** Starts an issuer, on loopback when not told otherwise. */
export async function startIssuer(options: IssuerOptions = {}): Promise<Issuer> {
  const server = http.createServer();
  const url = await listen(server, options.port ?? 0, options.host ?? '127.0.0.1');
  const issuer = new Issuer(server, url, options);
  server.on('request', (request, response) => issuer.answer(request, response));
  return issuer;
}
