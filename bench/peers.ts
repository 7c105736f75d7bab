import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Bucket, type Contender, CREDENTIALS, notOnPath, programs } from './contender.ts';
import type { Command } from './measure.ts';

const STORED = 's3://bench/stored';

/** The tools people use today, each with the options that make it fast. */
export const PEERS: readonly Contender[] = [
  s5cmd(),
  aws('aws-crt', 'crt'),
  aws('aws', 'default'),
  rclone(),
  restic(),
  s3cmd(),
];

function environment(bucket: Bucket): Record<string, string> {
  const { certificate } = bucket;
  return { ...CREDENTIALS, ...(certificate && { AWS_CA_BUNDLE: certificate, SSL_CERT_FILE: certificate }) };
}

function s5cmd(): Contender {
  const run = (bucket: Bucket, ...args: string[]): Command => ({
    file: 's5cmd',
    args: ['--log', 'error', '--endpoint-url', bucket.url, ...args],
    env: environment(bucket),
  });
  return {
    name: 's5cmd',
    form: 'plain objects',
    missing: () => notOnPath('s5cmd'),
    backup: (bucket, from) => run(bucket, 'cp', `${from}/*`, `${STORED}/`),
    again: (bucket, from) => run(bucket, 'sync', `${from}/*`, `${STORED}/`),
    restore: (bucket, to) => run(bucket, 'cp', `${STORED}/*`, `${to}/`),
    one: (bucket, path, to) => run(bucket, 'cp', `${STORED}/${path}`, `${to}/`),
  };
}

/** Version 2: only there is the CRT client, which has no `sync` of its own speed. */
function aws(name: string, client: 'crt' | 'default'): Contender {
  const program = () => programs('aws').find((path) => execFileSync(path, ['--version']).includes('aws-cli/2'));
  const run = (bucket: Bucket, ...args: string[]): Command => {
    const config = join(bucket.scratch, `aws-${client}`);
    const parallel = '  max_concurrent_requests = 64\n  max_queue_size = 10000\n';
    writeFileSync(
      config,
      `[default]\ns3 =\n  preferred_transfer_client = ${client}\n${client === 'crt' ? '' : parallel}`,
    );
    return {
      file: program() ?? 'aws',
      args: ['--endpoint-url', bucket.url, 's3', ...args, '--only-show-errors'],
      env: { ...environment(bucket), AWS_CONFIG_FILE: config },
    };
  };
  return {
    name,
    form: 'plain objects',
    missing: () => (program() === undefined ? 'aws of version 2 is not on PATH' : undefined),
    backup: (bucket, from) => run(bucket, 'cp', '--recursive', from, `${STORED}/`),
    again: (bucket, from) => run(bucket, 'sync', from, `${STORED}/`),
    restore: (bucket, to) => run(bucket, 'cp', '--recursive', `${STORED}/`, to),
    one: (bucket, path, to) => run(bucket, 'cp', `${STORED}/${path}`, `${to}/`),
  };
}

function rclone(): Contender {
  const fast =
    '--transfers 32 --checkers 32 --fast-list --s3-no-head --s3-no-check-bucket --s3-upload-concurrency 8 --s3-chunk-size 16M';
  const run = (bucket: Bucket, ...args: string[]): Command => ({
    file: 'rclone',
    args: [...args, '-q', ...fast.split(' ')],
    env: {
      ...CREDENTIALS,
      ...(bucket.certificate && { SSL_CERT_FILE: bucket.certificate }),
      RCLONE_CONFIG: '/dev/null',
      RCLONE_CONFIG_S_TYPE: 's3',
      RCLONE_CONFIG_S_PROVIDER: 'Other',
      RCLONE_CONFIG_S_ENV_AUTH: 'true',
      RCLONE_CONFIG_S_ENDPOINT: bucket.url,
      RCLONE_CONFIG_S_REGION: 'us-east-1',
    },
  });
  return {
    name: 'rclone',
    form: 'plain objects',
    missing: () => notOnPath('rclone'),
    backup: (bucket, from) => run(bucket, 'copy', from, 's:bench/stored'),
    again: (bucket, from) => run(bucket, 'copy', '--checksum', from, 's:bench/stored'),
    restore: (bucket, to) => run(bucket, 'copy', 's:bench/stored', to),
    one: (bucket, path, to) => run(bucket, 'copy', `s:bench/stored/${path}`, to),
  };
}

function restic(): Contender {
  const run = (bucket: Bucket, ...args: string[]): Command => ({
    file: 'restic',
    args: ['-q', '-o', 's3.connections=32', ...args],
    env: {
      ...CREDENTIALS,
      ...(bucket.certificate && { SSL_CERT_FILE: bucket.certificate }),
      RESTIC_PASSWORD: 'bench',
      RESTIC_REPOSITORY: `s3:${bucket.url}/bench/restic`,
      // A fresh runner has no cache.
      RESTIC_CACHE_DIR: join(bucket.scratch, `restic-${args[0]}-${process.hrtime.bigint()}`),
    },
  });
  const inside = (bucket: Bucket, from: string, ...args: string[]): Command => ({ ...run(bucket, ...args), cwd: from });
  return {
    name: 'restic',
    form: 'restic',
    missing: () => notOnPath('restic'),
    setUp: (bucket) => run(bucket, 'init'),
    backup: (bucket, from) => inside(bucket, from, 'backup', '.'),
    again: (bucket, from) => inside(bucket, from, 'backup', '.'),
    restore: (bucket, to) => run(bucket, 'restore', 'latest', '--target', to),
    one: (bucket, path, to) => run(bucket, 'restore', 'latest', '--target', to, '--include', `/${path}`),
  };
}

function s3cmd(): Contender {
  const run = (bucket: Bucket, ...args: string[]): Command => {
    const { host, protocol } = new URL(bucket.url);
    const config = join(bucket.scratch, 's3cfg');
    const keys = `access_key = bench\nsecret_key = bench-secret\nhost_base = ${host}\nhost_bucket = ${host}\n`;
    const secure = `use_https = ${protocol === 'https:' ? 'True' : 'False'}\ncheck_ssl_certificate = False\n`;
    writeFileSync(config, `[default]\n${keys}${secure}`);
    return { file: 's3cmd', args: ['-c', config, '-q', ...args], env: environment(bucket) };
  };
  return {
    name: 's3cmd',
    form: 'plain objects',
    missing: () => notOnPath('s3cmd'),
    backup: (bucket, from) => run(bucket, 'sync', `${from}/`, `${STORED}/`),
    again: (bucket, from) => run(bucket, 'sync', `${from}/`, `${STORED}/`),
    restore: (bucket, to) => run(bucket, 'sync', `${STORED}/`, `${to}/`),
    one: (bucket, path, to) => run(bucket, 'get', `${STORED}/${path}`, `${to}/`),
  };
}
