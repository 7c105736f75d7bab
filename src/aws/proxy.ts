import http from 'node:http';
import https from 'node:https';
import { HttpProxyAgent } from 'http-proxy-agent';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { InputError } from '../errors.ts';

/** The values of `http_proxy`, `https_proxy` and `no_proxy`. A proxy's URL may hold a password: never log it. */
export interface ProxySettings {
  readonly httpProxy?: string;
  readonly httpsProxy?: string;
  readonly noProxy?: string;
}

/** How the SDK reaches a target: one of them is used, by the target's scheme. */
export interface Agents {
  readonly httpAgent: http.Agent;
  readonly httpsAgent: https.Agent | HttpsProxyAgent<string>;
}

/**
 * The proxy for a target, by the rules of the runner and of `@actions/http-client` (`proxy.ts`): each scheme has its
 * own variable and none stands in for the other; loopback is always reached directly; `no_proxy` lists hosts, which
 * cover their sub-domains, with an optional leading dot or port, or `*` for all.
 *
 * @throws InputError for a proxy that is not a URL (the value is not shown)
 */
export function proxyFor(target: URL, settings: ProxySettings): URL | undefined {
  const [name, value] =
    target.protocol === 'https:' ? ['https_proxy', settings.httpsProxy] : ['http_proxy', settings.httpProxy];
  if (value === undefined || value === '' || bypassesProxy(target, settings.noProxy)) return undefined;
  const proxy = URL.parse(value.includes('://') ? value : `http://${value}`);
  if (proxy === null) {
    throw new InputError(name, `${name} does not hold a URL: give it in the form http://proxy.example.com:3128.`);
  }
  return proxy;
}

/** True if the target is to be reached without a proxy. */
export function bypassesProxy(target: URL, noProxy = ''): boolean {
  const host = target.hostname.toLowerCase();
  if (isLoopback(host)) return true;
  const port = target.port || (target.protocol === 'https:' ? '443' : '80');
  return noProxy
    .toLowerCase()
    .split(',')
    .map((entry) => entry.trim())
    .some((entry) => entry === '*' || covers(entry, host) || covers(entry, `${host}:${port}`));
}

function covers(entry: string, host: string): boolean {
  if (entry === '') return false;
  return host === entry || host.endsWith(entry.startsWith('.') ? entry : `.${entry}`);
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host.startsWith('127.') || host === '[::1]';
}

/**
 * Connections to a target that are kept open between requests, by way of its proxy if it has one.
 * @param maxSockets connections in parallel
 */
export function createAgents(target: URL, settings: ProxySettings, maxSockets: number): Agents {
  const options = { keepAlive: true, maxSockets };
  const proxy = proxyFor(target, settings);
  if (proxy === undefined) return { httpAgent: new http.Agent(options), httpsAgent: new https.Agent(options) };
  return { httpAgent: new HttpProxyAgent(proxy, options), httpsAgent: new HttpsProxyAgent(proxy, options) };
}
