import mime from 'mime';

/** What S3 itself would assume. */
export const DEFAULT_CONTENT_TYPE = 'application/octet-stream';

/** The media type by the file name's extension (the `mime-db` of the `mime` package), for people who open an object. */
export function contentTypeOf(path: string): string {
  // With the slash a file named `html` is a name without an extension; without it, the package takes it for one.
  return mime.getType(`/${path}`) ?? DEFAULT_CONTENT_TYPE;
}
