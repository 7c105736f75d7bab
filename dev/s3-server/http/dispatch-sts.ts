import { S3Error } from '../errors.ts';
import type { Principal } from '../policy/principal.ts';
import { sha256Hex } from '../sigv4/signature.ts';
import { verifySignature } from '../sigv4/verify.ts';
import type { ServerState } from '../state.ts';
import { performStsAction } from '../sts/actions.ts';
import { STS_NAMESPACE, xmlDocument } from '../xml/write.ts';
import type { Answer } from './answer.ts';
import type { S3Request } from './request.ts';

const FORM = 'application/x-www-form-urlencoded';

export const isStsRequest = ({ method, path, headers }: S3Request): boolean =>
  method === 'POST' && path === '/' && (headers['content-type'] ?? '').startsWith(FORM);

/** STS has names of its own for two of the signature's errors. */
function inStsWords(error: S3Error): S3Error {
  if (error.code === 'InvalidAccessKeyId' || error.code === 'InvalidToken') {
    return new S3Error(403, 'InvalidClientTokenId', 'The security token included in the request is invalid.');
  }
  if (error.code === 'ExpiredToken') {
    return new S3Error(403, 'ExpiredToken', 'The security token included in the request is expired');
  }
  return error;
}

/**
 * Carries out an STS request. Its form is parsed before, as it names the operation.
 * @throws {S3Error}
 */
export async function dispatchSts(
  server: ServerState,
  request: S3Request,
  form: string,
  authenticated: (principal: Principal) => void,
): Promise<Answer> {
  const fields = new URLSearchParams(form);
  const action = fields.get('Action') ?? '';
  const caller = (): Principal => {
    const { principal } = verifySignature(request, server.credentials, {
      service: 'sts',
      payload: sha256Hex(form),
      now: server.now(),
    });
    authenticated(principal);
    return principal;
  };
  try {
    const result = await performStsAction(action, { server, form: fields, caller });
    const document = { [`${action}Result`]: result, ResponseMetadata: { RequestId: 'development' } };
    return {
      status: 200,
      headers: { 'content-type': 'text/xml' },
      body: xmlDocument(`${action}Response`, document, STS_NAMESPACE),
    };
  } catch (error) {
    throw error instanceof S3Error ? inStsWords(error) : error;
  }
}
