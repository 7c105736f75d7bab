import type { IncomingHttpHeaders } from 'node:http';

/** An error reply in the shape the SDK gives to it, so that one place decides what either means. */
export class ErrorReply extends Error {
  readonly $metadata: { readonly httpStatusCode: number; readonly requestId?: string; readonly attempts: number };
  readonly $response: { readonly headers: IncomingHttpHeaders };

  /**
   * @param body the XML document of the reply ("Error Responses", S3 API Reference), or whatever came instead; may be
   *   empty
   */
  constructor(status: number, headers: IncomingHttpHeaders, body: string) {
    super(textOf(body, 'Message') ?? '');
    this.name = textOf(body, 'Code') ?? 'Unknown';
    const requestId = headers['x-amz-request-id']?.toString() ?? textOf(body, 'RequestId');
    this.$metadata = { httpStatusCode: status, ...(requestId && { requestId }), attempts: 1 };
    // It would be printed with the error, and a reply may echo what was sent.
    this.$response = Object.defineProperty({ headers }, 'headers', { enumerable: false });
  }
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The text of the first element with this name. */
function textOf(xml: string, element: string): string | undefined {
  const [, text] = new RegExp(`<${element}>([^<]*)</${element}>`).exec(xml) ?? [];
  return text?.replace(/&(amp|lt|gt|quot|apos);/g, (entity, name: string) => ENTITIES[name] ?? entity).trim();
}
