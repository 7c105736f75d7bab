import type { Reply, SeenRequest } from './http-server.ts';

/** The parameters of an STS call. */
export function stsParameters(request: SeenRequest): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(request.body));
}

/** A granted session, as STS writes it. */
export function stsGrant(
  action: 'AssumeRole' | 'AssumeRoleWithWebIdentity',
  session: { readonly keyId: string; readonly expiration: Date; readonly date?: Date },
): Reply {
  const body = `<${action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${action}Result>
    <Credentials><AccessKeyId>${session.keyId}</AccessKeyId><SecretAccessKey>secret</SecretAccessKey>
    <SessionToken>token-${session.keyId}</SessionToken><Expiration>${session.expiration.toISOString()}</Expiration></Credentials>
    </${action}Result></${action}Response>`;
  return {
    status: 200,
    headers: { 'content-type': 'text/xml', ...(session.date && { date: session.date.toUTCString() }) },
    body,
  };
}

/** A refusal, as STS writes it. */
export function stsError(status: number, code: string, message: string): Reply {
  const body = `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>REQ2</RequestId></ErrorResponse>`;
  return { status, headers: { 'content-type': 'text/xml' }, body };
}
