import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import type { Command } from './measure.ts';

/** The bucket `bench` of the sink, as a contender is to reach it. */
export interface Bucket {
  /** `http://127.0.0.1:9000` */
  readonly url: string;
  /** Of the server, where the URL says https. */
  readonly certificate?: string;
  /** Empty directory for what a contender keeps between runs; removed at the end of a cell. */
  readonly scratch: string;
}

/** A tool that stores directories in S3, and gets them back. */
export interface Contender {
  readonly name: string;
  /** Contenders with the same word here read what any of them stored, so that it is stored once for all restores. */
  readonly form: string;
  /** Why it cannot run here. */
  missing(): string | undefined;
  /** What has to be done once in an empty bucket; not measured. */
  setUp?(bucket: Bucket): Promise<Command> | Command;
  /** Stores a directory in an empty bucket. */
  backup(bucket: Bucket, from: string): Promise<Command> | Command;
  /** Stores it again, after a few files have changed and all have new mtimes, on a fresh machine. */
  again(bucket: Bucket, from: string): Promise<Command> | Command;
  restore(bucket: Bucket, to: string): Promise<Command> | Command;
  /** @param path of one file, relative to the directory that was stored */
  one(bucket: Bucket, path: string, to: string): Promise<Command> | Command;
}

/** What the sink never looks at. */
export const CREDENTIALS = {
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench-secret',
  AWS_REGION: 'us-east-1',
  AWS_DEFAULT_REGION: 'us-east-1',
  AWS_EC2_METADATA_DISABLED: 'true',
} as const;

/** All programs of a name on PATH, in its order. */
export function programs(name: string): string[] {
  return (process.env.PATH ?? '')
    .split(':')
    .map((directory) => join(directory, name))
    .filter((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

export function notOnPath(name: string): string | undefined {
  return programs(name).length === 0 ? `${name} is not on PATH` : undefined;
}
