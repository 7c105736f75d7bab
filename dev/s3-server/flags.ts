import { parseArgs } from 'node:util';
import type { Issuer, IssuerOptions } from './oidc/issuer.ts';
import { type BucketOptions, DEFAULT_ACCOUNT, DEFAULT_CREDENTIALS, type ServerOptions } from './options.ts';
import { parsePersonality } from './personality-schema.ts';
import type { RoleSettings } from './sts/roles.ts';

export const USAGE = `Usage: npm run s3-server -- [flags]

  --port N                 port of S3 and STS (any free one)
  --host ADDRESS           address to listen at (127.0.0.1)
  --bucket NAME            make this bucket; repeatable
  --versioning             keep versions in these buckets
  --object-lock            allow object lock in these buckets
  --region NAME            region of endpoint and buckets (us-east-1)
  --account ID             account id (123456789012)
  --access-key-id ID       the long-lived key (${DEFAULT_CREDENTIALS.accessKeyId})
  --secret-access-key KEY  its secret (${DEFAULT_CREDENTIALS.secretAccessKey})
  --data DIRECTORY         where big bodies are kept while the server runs
  --repository OWNER/NAME  the repository in the issuer's tokens (octo/demo)
  --role NAME              set up this one role, for this repository only; without it every role may be assumed
  --session-seconds N      how long sessions really live
  --personality JSON       features to take away, e.g. {"conditionalWrites":"ignored"}
  --admin                  serve /_admin
  --help
`;

const DEFAULT_ROLE = 'backup';
const DEFAULT_REPOSITORY = 'octo/demo';

/** The command line, understood. */
export interface Flags {
  readonly issuer: IssuerOptions;
  readonly roleArn: string;
  server(issuer: Pick<Issuer, 'issuer' | 'hostPath'>): ServerOptions;
}

const FLAGS = {
  port: { type: 'string' },
  host: { type: 'string' },
  bucket: { type: 'string', multiple: true },
  versioning: { type: 'boolean' },
  'object-lock': { type: 'boolean' },
  region: { type: 'string' },
  account: { type: 'string' },
  'access-key-id': { type: 'string' },
  'secret-access-key': { type: 'string' },
  data: { type: 'string' },
  repository: { type: 'string' },
  role: { type: 'string' },
  'session-seconds': { type: 'string' },
  personality: { type: 'string' },
  admin: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof FLAGS }>>['values'];

/** Without the properties whose value is undefined: what is absent keeps its default. */
function given<Options extends object>(
  options: {
    [Name in keyof Options]?: Options[Name] | undefined;
  },
): Partial<Options> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<Options>;
}

const numberOf = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));

function bucketsOf(values: Values): BucketOptions[] {
  return (values.bucket ?? []).map((name) => ({
    name,
    versioning: values.versioning ?? false,
    objectLock: values['object-lock'] ?? false,
  }));
}

/** Trusts both forms of the subject, as a policy for a repository of any age has to. */
function roleFor(repository: string, account: string, hostPath: string): RoleSettings {
  const [owner = '', name = ''] = repository.split('/');
  return {
    trustPolicy: {
      Version: '2012-10-17',
      Statement: {
        Effect: 'Allow',
        Principal: { Federated: `arn:aws:iam::${account}:oidc-provider/${hostPath}` },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: {
          StringEquals: { [`${hostPath}:aud`]: 'sts.amazonaws.com' },
          StringLike: { [`${hostPath}:sub`]: [`repo:${repository}:*`, `repo:${owner}@*/${name}@*:*`] },
        },
      },
    },
  };
}

function serverOptions(
  values: Values,
  roleArn: string,
  { issuer, hostPath }: Pick<Issuer, 'issuer' | 'hostPath'>,
): ServerOptions {
  const repository = values.repository ?? DEFAULT_REPOSITORY;
  const role = roleFor(repository, values.account ?? DEFAULT_ACCOUNT, hostPath);
  return given<ServerOptions>({
    port: numberOf(values.port),
    host: values.host,
    account: values.account,
    region: values.region,
    credentials: {
      accessKeyId: values['access-key-id'] ?? DEFAULT_CREDENTIALS.accessKeyId,
      secretAccessKey: values['secret-access-key'] ?? DEFAULT_CREDENTIALS.secretAccessKey,
    },
    buckets: bucketsOf(values),
    roles: values.role === undefined ? undefined : { [roleArn]: role },
    issuers: [issuer],
    sessionSeconds: numberOf(values['session-seconds']),
    personality: values.personality === undefined ? undefined : parsePersonality(JSON.parse(values.personality)),
    dataDirectory: values.data,
    admin: values.admin,
  });
}

/** @throws {TypeError} for a flag that is not known. */
export function parseFlags(args: readonly string[]): Flags | 'help' {
  const { values } = parseArgs({ args: [...args], options: FLAGS });
  if (values.help) return 'help';
  const account = values.account ?? DEFAULT_ACCOUNT;
  const roleArn = `arn:aws:iam::${account}:role/${values.role ?? DEFAULT_ROLE}`;
  return {
    issuer: given<IssuerOptions>({
      host: values.host,
      workflow: { repository: values.repository ?? DEFAULT_REPOSITORY },
    }),
    roleArn,
    server: (issuer) => serverOptions(values, roleArn, issuer),
  };
}
