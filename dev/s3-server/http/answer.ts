import type { S3Error } from '../errors.ts';
import { STS_NAMESPACE, type XmlNode, xmlDocument } from '../xml/write.ts';
import type { HeaderMap } from './headers.ts';

/** What goes back to the client. `stream` needs its own `content-length` header. */
export interface Answer {
  readonly status: number;
  readonly headers: HeaderMap;
  readonly body?: string | Buffer;
  readonly stream?: AsyncIterable<Uint8Array>;
}

export const emptyAnswer = (headers: HeaderMap = {}, status = 200): Answer => ({ status, headers });

export const xmlAnswer = (root: string, value: XmlNode | string, headers: HeaderMap = {}): Answer => ({
  status: 200,
  headers: { 'content-type': 'application/xml', ...headers },
  body: xmlDocument(root, value),
});

/** The error document of S3, or of STS, which wraps it differently. */
export function errorDocument(error: S3Error, service: 's3' | 'sts', requestId: string): string {
  const { code: Code, message: Message } = error;
  if (service === 'sts') {
    const Type = error.status < 500 ? 'Sender' : 'Receiver';
    return xmlDocument('ErrorResponse', { Error: { Type, Code, Message }, RequestId: requestId }, STS_NAMESPACE);
  }
  return xmlDocument('Error', { Code, Message, ...error.detail, RequestId: requestId, HostId: 's3-server' }, '');
}

/** An error as answer; like S3, without a body for HEAD and for 304. */
export function errorAnswer(error: S3Error, service: 's3' | 'sts', method: string, requestId: string): Answer {
  if (method === 'HEAD' || error.status === 304) return { status: error.status, headers: error.headers };
  return {
    status: error.status,
    headers: { 'content-type': service === 'sts' ? 'text/xml' : 'application/xml', ...error.headers },
    body: errorDocument(error, service, requestId),
  };
}
