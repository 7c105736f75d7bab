import { parseFlags, USAGE } from './flags.ts';
import { startIssuer } from './oidc/issuer.ts';
import { startS3Server } from './server.ts';

/** Starts the server and an issuer it trusts, says in one line of JSON how to reach them, and serves until told to stop. */
async function main(args: readonly string[]): Promise<void> {
  const flags = parseFlags(args);
  if (flags === 'help') {
    process.stdout.write(USAGE);
    return;
  }
  const issuer = await startIssuer(flags.issuer);
  const server = await startS3Server(flags.server(issuer));
  const description = {
    url: server.url,
    region: server.region,
    account: server.account,
    credentials: server.credentials,
    issuer: { url: issuer.issuer, thumbprint: issuer.thumbprint },
    env: issuer.env,
    roleArn: flags.roleArn,
  };
  process.stdout.write(`${JSON.stringify(description)}\n`);
  const stop = async (): Promise<void> => {
    await Promise.all([server.close(), issuer.close()]);
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
