import type { FaultAction } from '../../dev/s3-server/faults/script.ts';

export interface Fault {
  readonly name: string;
  /** Operations that can be answered so; absent: all. */
  readonly operations?: RegExp;
  /** Whether only the first request of each of these operations meets it; absent: all of them. */
  readonly sampled?: boolean;
  readonly when?: 'before' | 'after';
  readonly action: FaultAction;
  /** In its place where it is met for good; every byte that comes is progress, so none may. */
  readonly forGood?: FaultAction;
  /** `transient`: once is as if nothing had happened; `final`: it may also end in one clear error. */
  readonly kind: 'transient' | 'final';
}

const error = (status: number, code: string): FaultAction => ({ type: 'error', status, code });
const READS = /^(Get|Head)Object$/;
const GETS = /^GetObject$/;
/** Answered with XML that says what has been done or found. */
export const DOCUMENTS =
  /^(ListObjectsV2|ListParts|ListMultipartUploads|CreateMultipartUpload|CompleteMultipartUpload|DeleteObjects)$/;
const WRITES = /^(PutObject|UploadPart|CompleteMultipartUpload)$/;

export const FAULTS: readonly Fault[] = [
  { name: '500 InternalError', action: error(500, 'InternalError'), kind: 'transient' },
  { name: '503 SlowDown', action: error(503, 'SlowDown'), kind: 'transient' },
  { name: '403 ExpiredToken', action: error(403, 'ExpiredToken'), kind: 'transient' },
  { name: '403 RequestTimeTooSkewed', action: error(403, 'RequestTimeTooSkewed'), kind: 'transient' },
  { name: '403 for 404', operations: READS, action: error(403, 'AccessDenied'), kind: 'final' },
  {
    name: '409 ConditionalRequestConflict',
    operations: WRITES,
    action: error(409, 'ConditionalRequestConflict'),
    kind: 'transient',
  },
  { name: '412 PreconditionFailed', operations: WRITES, action: error(412, 'PreconditionFailed'), kind: 'final' },
  {
    name: '200 with an error',
    operations: /^(CompleteMultipartUpload|DeleteObjects)$/,
    action: { type: 'errorInBody', code: 'InternalError' },
    kind: 'transient',
  },
  {
    name: '200 with an empty body',
    operations: /^(List|DeleteObjects$|CreateMultipartUpload$|CompleteMultipartUpload$)/,
    action: { type: 'truncate', afterBytes: 0 },
    kind: 'transient',
  },
  { name: 'reset before the effect', action: { type: 'reset' }, kind: 'transient' },
  { name: 'reply lost after the effect', when: 'after', action: { type: 'reset' }, kind: 'transient' },
  {
    name: 'reset in the middle of a body sent',
    operations: /^(PutObject|UploadPart|CompleteMultipartUpload|DeleteObjects)$/,
    action: { type: 'cutRequest', afterBytes: 1 },
    kind: 'transient',
  },
  {
    name: 'reset in the middle of a body read',
    operations: GETS,
    action: { type: 'cutAnswer', afterBytes: 2 },
    forGood: { type: 'cutAnswer', afterBytes: 0 },
    kind: 'transient',
  },
  {
    name: 'reset in the middle of a document read',
    operations: DOCUMENTS,
    sampled: true,
    action: { type: 'cutAnswer', afterBytes: 60 },
    kind: 'transient',
  },
  { name: 'truncated on GET', operations: GETS, action: { type: 'truncate', afterBytes: 2 }, kind: 'transient' },
  { name: 'wrong bytes on GET', operations: GETS, action: { type: 'corrupt', atByte: 1 }, kind: 'transient' },
  { name: 'wrong Content-Length', operations: GETS, action: { type: 'wrongLength', byBytes: 7 }, kind: 'transient' },
  {
    name: 'truncated document',
    operations: DOCUMENTS,
    sampled: true,
    action: { type: 'truncate', afterBytes: 60 },
    kind: 'transient',
  },
  {
    name: 'wrong Content-Length of a document',
    operations: DOCUMENTS,
    sampled: true,
    action: { type: 'wrongLength', byBytes: 7 },
    kind: 'transient',
  },
];
