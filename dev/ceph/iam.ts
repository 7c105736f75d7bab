import { Hash } from '@smithy/core/serde';
import { HttpRequest } from '@smithy/core/transport';
import { SignatureV4 } from '@smithy/signature-v4';

const IAM_API_VERSION = '2010-05-08';

/** Long-lived keys of one S3 user. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Where the gateway answers IAM calls, and on whose behalf they are made. */
export interface IamAccess {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: Credentials;
}

/**
 * The handful of IAM calls a test needs, as signed form posts: the IAM client of the SDK would be one more package
 * for three requests.
 *
 * @returns the provider's ARN, for the `Principal` of a trust policy
 */
export async function createOpenIdConnectProvider(
  access: IamAccess,
  url: string,
  thumbprint: string,
  clientId: string,
): Promise<string> {
  const xml = await callIam(access, 'CreateOpenIDConnectProvider', {
    Url: url,
    'ClientIDList.member.1': clientId,
    'ThumbprintList.member.1': thumbprint,
  });
  return element(xml, 'OpenIDConnectProviderArn');
}

/** @returns the role's ARN */
export async function createRole(access: IamAccess, name: string, trustPolicy: object): Promise<string> {
  const xml = await callIam(access, 'CreateRole', {
    RoleName: name,
    AssumeRolePolicyDocument: JSON.stringify(trustPolicy),
  });
  return element(xml, 'Arn');
}

/** Attaches (or replaces) the role's one inline policy. */
export async function putRolePolicy(access: IamAccess, role: string, policy: object): Promise<void> {
  await callIam(access, 'PutRolePolicy', {
    RoleName: role,
    PolicyName: 'permissions',
    PolicyDocument: JSON.stringify(policy),
  });
}

async function callIam(access: IamAccess, action: string, parameters: Record<string, string>): Promise<string> {
  const body = new URLSearchParams({ Action: action, Version: IAM_API_VERSION, ...parameters }).toString();
  const headers = await signedHeaders(access, body);
  const response = await fetch(access.endpoint, { method: 'POST', headers, body });
  const xml = await response.text();
  if (!response.ok) {
    throw new Error(`IAM ${action} was answered with ${response.status}: ${xml}`);
  }
  return xml;
}

async function signedHeaders(access: IamAccess, body: string): Promise<Record<string, string>> {
  const signer = new SignatureV4({
    service: 'iam',
    region: access.region,
    credentials: access.credentials,
    sha256: Hash.bind(null, 'sha256'),
  });
  const { protocol, host, hostname } = new URL(access.endpoint);
  const headers = { host, 'content-type': 'application/x-www-form-urlencoded' };
  const request = new HttpRequest({ method: 'POST', protocol, hostname, path: '/', headers, body });
  const signed = await signer.sign(request);
  return signed.headers;
}

/** The gateway's answers are flat and machine-made, so a look for the tag does where a parser would be one more package. */
function element(xml: string, name: string): string {
  const text = xml.match(new RegExp(`<${name}>([^<]+)</${name}>`))?.[1];
  if (text === undefined) {
    throw new Error(`the gateway's answer has no <${name}>: ${xml}`);
  }
  return text;
}
