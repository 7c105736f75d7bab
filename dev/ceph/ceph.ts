import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import { type Credentials, createOpenIdConnectProvider, createRole, type IamAccess, putRolePolicy } from './iam.ts';
import { freePorts } from './ports.ts';

const SCRIPT = join(import.meta.dirname, 'ceph-rgw.sh');
/** The script's exit code for "the packages cannot be had on this machine". */
const EXIT_UNAVAILABLE = 3;
const STS_AUDIENCE = 'sts.amazonaws.com';

/** There is no Ceph on this machine and none can be installed: the one failure a test run may skip over. */
export class CephUnavailable extends Error {
  override readonly name = 'CephUnavailable';
}

export interface CephOptions {
  /** Shortest STS session, in seconds. Default 900, as AWS; 1 lets a test see credentials expire. */
  readonly minSessionSeconds?: number;
  /** Default us-east-1. The gateway accepts signatures for any region. */
  readonly region?: string;
}

export interface BucketOptions {
  /** Create the bucket with Object Lock, which turns versioning on too. */
  readonly objectLock?: boolean;
  readonly versioning?: boolean;
}

/** A running gateway: S3 (path style only), STS and IAM answer on one endpoint. */
export interface Ceph {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: {
    /** Owns buckets, roles and issuers. */
    readonly owner: Credentials;
    /** Another account, without any right over the owner's buckets. */
    readonly stranger: Credentials;
  };
  /** The gateway's log: the reason of a refused STS call is only there. */
  readonly logFile: string;
  /** Creates a bucket of the owner's. */
  createBucket(name: string, options?: BucketOptions): Promise<void>;
  /**
   * Registers an OpenID Connect issuer for tokens with the audience `sts.amazonaws.com`.
   *
   * @param url the issuer's `iss`; plain http is accepted
   * @param thumbprint SHA-1 of the certificate in the issuer's key set (`x5c`), 40 hex digits
   * @returns the provider's ARN
   */
  registerIssuer(url: string, thumbprint: string): Promise<string>;
  /**
   * Creates a role. For DeleteObjects the permission policy must allow `s3:DeleteObject` on the bucket's ARN as well
   * as on its keys': unlike Amazon, the gateway asks for both.
   *
   * @returns the role's ARN
   */
  createRole(name: string, trustPolicy: object, permissionPolicy: object): Promise<string>;
  /** Ends the gateway and deletes all it held. */
  stop(): Promise<void>;
}

/**
 * Starts a Ceph Object Gateway in a folder and on ports of its own, installing Ceph's packages when they are missing.
 *
 * @throws {CephUnavailable} when the packages cannot be had on this machine; any other failure is a plain Error
 */
export async function startCeph(options: CephOptions = {}): Promise<Ceph> {
  if (process.platform !== 'linux') {
    throw new CephUnavailable(`Ceph has packages for Linux only, and this is ${process.platform}`);
  }
  const folder = await mkdtemp(join(tmpdir(), 'ceph-'));
  const settings = await chooseSettings(folder, options);
  try {
    const environment = parseExports(await runScript('start', settings));
    return new CephGateway(environment, async () => {
      await runScript('stop', settings);
      await rm(folder, { recursive: true });
    });
  } catch (error) {
    await runScript('stop', settings);
    await rm(folder, { recursive: true });
    throw error;
  }
}

async function chooseSettings(folder: string, options: CephOptions): Promise<Record<string, string>> {
  const [port, monPort] = await freePorts(2);
  return {
    CEPH_RGW_DIR: join(folder, 'cluster'),
    CEPH_RGW_PORT: String(port),
    CEPH_RGW_MON_PORT: String(monPort),
    CEPH_RGW_STS_MIN: String(options.minSessionSeconds ?? 900),
    CEPH_RGW_REGION: options.region ?? 'us-east-1',
  };
}

function runScript(command: 'start' | 'stop', settings: Record<string, string>): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile('bash', [SCRIPT, command], { env: { ...process.env, ...settings } }, (error, stdout, stderr) => {
      if (error === null) {
        resolve(stdout);
      } else if (error.code === EXIT_UNAVAILABLE) {
        reject(new CephUnavailable(stderr.trim()));
      } else {
        reject(new Error(`ceph-rgw.sh ${command} failed:\n${stderr.trim()}`, { cause: error }));
      }
    });
  });
}

/** Reads the `export NAME=value` lines that the script prints. */
function parseExports(text: string): ReadonlyMap<string, string> {
  return new Map(Array.from(text.matchAll(/^export (\w+)=(.*)$/gm), ([, name = '', value = '']) => [name, value]));
}

class CephGateway implements Ceph {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: Ceph['credentials'];
  readonly logFile: string;
  readonly #iam: IamAccess;
  readonly #s3: S3Client;
  readonly #end: () => Promise<void>;

  constructor(environment: ReadonlyMap<string, string>, end: () => Promise<void>) {
    const read = (name: string) => {
      const value = environment.get(`CEPH_RGW_${name}`);
      if (value === undefined) {
        throw new Error(`ceph-rgw.sh start did not print CEPH_RGW_${name}`);
      }
      return value;
    };
    const keysOf = (user: string) => ({
      accessKeyId: read(`${user}_ACCESS_KEY`),
      secretAccessKey: read(`${user}_SECRET_KEY`),
    });
    this.endpoint = read('ENDPOINT');
    this.region = read('REGION');
    this.logFile = read('LOG');
    this.credentials = { owner: keysOf('OWNER'), stranger: keysOf('STRANGER') };
    const access = { endpoint: this.endpoint, region: this.region, credentials: this.credentials.owner };
    this.#iam = access;
    this.#s3 = new S3Client({ ...access, forcePathStyle: true });
    this.#end = end;
  }

  async createBucket(name: string, options: BucketOptions = {}): Promise<void> {
    await this.#s3.send(
      new CreateBucketCommand({ Bucket: name, ObjectLockEnabledForBucket: options.objectLock ?? false }),
    );
    if (options.versioning === true) {
      const VersioningConfiguration = { Status: 'Enabled' as const };
      await this.#s3.send(new PutBucketVersioningCommand({ Bucket: name, VersioningConfiguration }));
    }
  }

  registerIssuer(url: string, thumbprint: string): Promise<string> {
    return createOpenIdConnectProvider(this.#iam, url, thumbprint, STS_AUDIENCE);
  }

  async createRole(name: string, trustPolicy: object, permissionPolicy: object): Promise<string> {
    const arn = await createRole(this.#iam, name, trustPolicy);
    await putRolePolicy(this.#iam, name, permissionPolicy);
    return arn;
  }

  async stop(): Promise<void> {
    this.#s3.destroy();
    await this.#end();
  }
}
