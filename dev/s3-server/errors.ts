import type { HeaderMap } from './http/headers.ts';

/** Extra elements of an error document, e.g. `Region` or `Key`. */
export type ErrorDetail = Readonly<Record<string, string>>;

/** A refusal that goes to the client as an S3 (or STS) error document. */
export class S3Error extends Error {
  override readonly name = 'S3Error';
  readonly status: number;
  readonly code: string;
  readonly headers: HeaderMap;
  readonly detail: ErrorDetail;

  constructor(
    status: number,
    code: string,
    message: string,
    extra: { headers?: HeaderMap; detail?: ErrorDetail } = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = extra.headers ?? {};
    this.detail = extra.detail ?? {};
  }
}

export const badRequest = (code: string, message: string): S3Error => new S3Error(400, code, message);

export const invalidRequest = (message: string): S3Error => badRequest('InvalidRequest', message);

export const invalidArgument = (message: string): S3Error => badRequest('InvalidArgument', message);

export const malformedXml = (): S3Error =>
  badRequest(
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
  );

export const accessDenied = (message = 'Access Denied'): S3Error => new S3Error(403, 'AccessDenied', message);

export const noSuchBucket = (name: string): S3Error =>
  new S3Error(404, 'NoSuchBucket', 'The specified bucket does not exist', { detail: { BucketName: name } });

export const noSuchKey = (key: string, headers: HeaderMap = {}): S3Error =>
  new S3Error(404, 'NoSuchKey', 'The specified key does not exist.', { headers, detail: { Key: key } });

export const noSuchVersion = (): S3Error => new S3Error(404, 'NoSuchVersion', 'The specified version does not exist.');

export const noSuchUpload = (): S3Error =>
  new S3Error(
    404,
    'NoSuchUpload',
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
  );

export const preconditionFailed = (condition: string): S3Error =>
  new S3Error(412, 'PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', {
    detail: { Condition: condition },
  });

export const notImplemented = (
  message = 'A header you provided implies functionality that is not implemented',
): S3Error => new S3Error(501, 'NotImplemented', message);

export const methodNotAllowed = (headers: HeaderMap = {}): S3Error =>
  new S3Error(405, 'MethodNotAllowed', 'The specified method is not allowed against this resource.', { headers });
