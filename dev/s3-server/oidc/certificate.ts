import { type KeyObject, randomBytes, sign } from 'node:crypto';

// A self-signed X.509 certificate (RFC 5280) in DER: Node reads certificates but does not make them.

const DAY_MS = 86_400_000;
const TAG = { integer: 0x02, bitString: 0x03, null: 0x05, oid: 0x06, utf8: 0x0c, utcTime: 0x17 } as const;
const SEQUENCE = 0x30;
const SET = 0x31;
const EXPLICIT_0 = 0xa0;
const OID_COMMON_NAME = [0x55, 0x04, 0x03];
const OID_SHA256_WITH_RSA = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b];
const VERSION_3 = 2;

function length(bytes: number): number[] {
  if (bytes < 0x80) return [bytes];
  return bytes < 0x100 ? [0x81, bytes] : [0x82, bytes >> 8, bytes & 0xff];
}

function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag, ...length(content.length)]), content]);
}

const oid = (bytes: readonly number[]): Buffer => der(TAG.oid, Buffer.from(bytes));

/** `YYMMDDHHMMSSZ`. */
const utcTime = (date: Date): Buffer =>
  der(TAG.utcTime, Buffer.from(`${date.toISOString().slice(2, 19).replace(/\D/gu, '')}Z`));

const distinguishedName = (commonName: string): Buffer =>
  der(SEQUENCE, der(SET, der(SEQUENCE, oid(OID_COMMON_NAME), der(TAG.utf8, Buffer.from(commonName)))));

/** A certificate over an RSA key pair, valid from a day before `now` for a year, in DER. */
export function selfSignedCertificate(
  keys: { readonly privateKey: KeyObject; readonly publicKey: KeyObject },
  commonName: string,
  now: Date,
): Buffer {
  const name = distinguishedName(commonName);
  const algorithm = der(SEQUENCE, oid(OID_SHA256_WITH_RSA), der(TAG.null));
  const serial = Buffer.concat([Buffer.from([1]), randomBytes(8)]); // the leading byte keeps it positive
  const validity = [utcTime(new Date(now.getTime() - DAY_MS)), utcTime(new Date(now.getTime() + 365 * DAY_MS))];
  const toBeSigned = der(
    SEQUENCE,
    der(EXPLICIT_0, der(TAG.integer, Buffer.from([VERSION_3]))),
    der(TAG.integer, serial),
    algorithm,
    name,
    der(SEQUENCE, ...validity),
    name,
    keys.publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = sign('sha256', toBeSigned, keys.privateKey);
  return der(SEQUENCE, toBeSigned, algorithm, der(TAG.bitString, Buffer.from([0]), signature));
}
