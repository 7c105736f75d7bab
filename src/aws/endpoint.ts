import { InputError } from '../errors.ts';

const AMAZON_HOST = /(?:^|\.)amazonaws\.com(?:\.cn)?$/;

/** Hosts that name their region; the region is the first group. Sources: the providers' pages on S3 endpoints. */
const REGIONAL_HOSTS: readonly RegExp[] = [
  /(?:^|\.)s3[.-](?:fips\.|dualstack\.)?([a-z]{2}(?:-[a-z]+)+-\d)\.(?:vpce\.)?amazonaws\.com(?:\.cn)?$/,
  /(?:^|\.)s3\.([a-z0-9-]+)\.backblazeb2\.com$/,
  /(?:^|\.)s3\.([a-z0-9-]+)\.wasabisys\.com$/,
  /(?:^|\.)s3\.([a-z0-9-]+)\.scw\.cloud$/,
  /(?:^|\.)([a-z0-9-]+)\.digitaloceanspaces\.com$/,
];

/**
 * @param input the input's name, for the error
 * @throws InputError for what is not an http(s) URL
 */
export function parseEndpoint(input: string, value: string): URL {
  const url = URL.parse(value);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:') || url.username !== '') {
    const shown = url?.username ? 'a URL with credentials in it' : JSON.stringify(value);
    throw new InputError(
      input,
      `${input} is ${shown}, which is not an endpoint: give a URL without credentials, e.g. https://s3.example.com.`,
    );
  }
  return url;
}

/** True for Amazon S3 itself, which is what no endpoint means. */
export function isAmazon(endpoint: URL | undefined): boolean {
  return endpoint === undefined || AMAZON_HOST.test(endpoint.hostname);
}

/** The region that an endpoint's host names, for stores whose form of it is known. */
export function regionOfHost(hostname: string): string | undefined {
  for (const pattern of REGIONAL_HOSTS) {
    const [, region] = pattern.exec(hostname) ?? [];
    if (region !== undefined) return region;
  }
  return undefined;
}
