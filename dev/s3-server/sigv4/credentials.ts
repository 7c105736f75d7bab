import { randomBytes } from 'node:crypto';
import { badRequest, S3Error } from '../errors.ts';
import type { Principal } from '../policy/principal.ts';

/** An access key and who it speaks for; session keys also have a token and an end. */
export interface Credential {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | undefined;
  readonly expires: Date | undefined;
  readonly principal: Principal;
}

/** Every access key the server knows. */
export class CredentialTable {
  private readonly byId = new Map<string, Credential>();

  add(credential: Credential): void {
    this.byId.set(credential.accessKeyId, credential);
  }

  /** Makes and keeps a temporary key for a session. */
  issue(principal: Principal, expires: Date): Credential & { readonly sessionToken: string } {
    const credential = {
      accessKeyId: `ASIA${randomBytes(8).toString('hex').toUpperCase()}`,
      secretAccessKey: randomBytes(30).toString('base64'),
      sessionToken: randomBytes(96).toString('base64'),
      expires,
      principal,
    };
    this.add(credential);
    return credential;
  }

  /**
   * The credential behind a presented key id and token.
   * @throws {S3Error} InvalidAccessKeyId, InvalidToken or ExpiredToken, as S3 tells them apart.
   */
  find(accessKeyId: string, sessionToken: string | undefined, now: Date): Credential {
    const credential = this.byId.get(accessKeyId);
    if (credential === undefined || (credential.sessionToken !== undefined && sessionToken === undefined)) {
      throw new S3Error(
        403,
        'InvalidAccessKeyId',
        'The AWS Access Key Id you provided does not exist in our records.',
        { detail: { AWSAccessKeyId: accessKeyId } },
      );
    }
    if (credential.sessionToken !== sessionToken) {
      throw badRequest('InvalidToken', 'The provided token is malformed or otherwise invalid.');
    }
    if (credential.expires !== undefined && credential.expires <= now) {
      throw badRequest('ExpiredToken', 'The provided token has expired.');
    }
    return credential;
  }
}
