import type { Log } from '../../log.ts';
import type { ObjectKey } from '../object-key.ts';
import type { GetOptions, ObjectBody } from '../object-store.ts';
import { getResuming, type ResumePorts } from '../resume.ts';
import type { S3ConnectionOptions } from './connection.ts';
import { S3Store } from './s3-store.ts';

/** The adapter as commands get it: bodies outlive their connections (`resume.ts`), whoever reads them. */
export class ResumingS3Store extends S3Store {
  readonly resumesReads = true;
  readonly #ports: ResumePorts;

  constructor(options: S3ConnectionOptions, log: Log) {
    super(options, log);
    this.#ports = { ...options.retry, signal: options.signal };
  }

  override get(key: ObjectKey, options?: GetOptions): Promise<ObjectBody> {
    return getResuming({ get: (each, asked) => super.get(each, asked) }, key, options, this.#ports);
  }
}
