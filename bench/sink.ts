import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const SOURCE = join(import.meta.dirname, 'sink.c');

/** What the sink has counted since it was last asked to begin anew. */
export interface SinkCounts {
  readonly requests: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly connections: number;
  readonly mostInFlight: number;
  /** Of the sink itself, since it was started. */
  readonly cpuSeconds: number;
}

export interface SinkOptions {
  /** Where the program and the certificate are made. */
  readonly directory: string;
  readonly port: number;
  readonly tlsPort: number;
  /** Milliseconds that every reply is held back. */
  readonly delayMs: number;
  /** Large objects too are kept in memory, for restores. */
  readonly keepAll: boolean;
}

/** Where the sink is, and the certificate that its TLS side shows. */
export interface SinkPlace {
  readonly port: number;
  readonly tlsPort: number;
  readonly certificate: string;
}

/** Compiles the sink unless that has been done since it was changed. @throws Error without gcc or OpenSSL's headers */
export function buildSink(directory: string): string {
  mkdirSync(directory, { recursive: true });
  const program = join(directory, 'sink');
  if (!existsSync(program) || statSync(program).mtimeMs < statSync(SOURCE).mtimeMs) {
    execFileSync('gcc', ['-O2', '-pthread', '-o', program, SOURCE, '-lssl', '-lcrypto'], { stdio: 'inherit' });
  }
  return program;
}

/** A certificate for 127.0.0.1 that clients are told to trust. */
function makeCertificate(directory: string): { readonly certificate: string; readonly key: string } {
  const [certificate, key] = [join(directory, 'cert.pem'), join(directory, 'key.pem')];
  if (!existsSync(certificate)) {
    const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '30', '-nodes'];
    const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
    execFileSync('openssl', ['req', ...kind, '-keyout', key, '-out', certificate, ...subject], { stdio: 'ignore' });
  }
  return { certificate, key };
}

/** A running sink. */
export class Sink implements AsyncDisposable {
  readonly place: SinkPlace;
  readonly #process: ChildProcess;

  private constructor(place: SinkPlace, process: ChildProcess) {
    this.place = place;
    this.#process = process;
  }

  static async start({ directory, port, tlsPort, delayMs, keepAll }: SinkOptions): Promise<Sink> {
    const program = buildSink(directory);
    const { certificate, key } = makeCertificate(directory);
    const secure = ['--tls-port', `${tlsPort}`, '--cert', certificate, '--key', key];
    const args = [`${port}`, ...secure, '--delay-ms', `${delayMs}`, '--keep', keepAll ? 'all' : 'small'];
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    for (let listening = 0; listening < 2; ) {
      const [said] = await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
      if (child.exitCode !== null) throw new Error(`The sink could not listen on the ports ${port} and ${tlsPort}.`);
      listening += String(said).split('listening').length - 1;
    }
    return new Sink({ port, tlsPort, certificate }, child);
  }

  async counts(): Promise<SinkCounts> {
    return (await this.#ask('stats', 'GET')) as SinkCounts;
  }

  /** Zeroes the counters. */
  async reset(): Promise<void> {
    await this.#ask('reset', 'POST');
  }

  /** Zeroes the counters and forgets every object. */
  async wipe(): Promise<void> {
    await this.#ask('wipe', 'POST');
  }

  async #ask(what: string, method: string): Promise<unknown> {
    const reply = await fetch(`http://127.0.0.1:${this.place.port}/__${what}`, { method });
    return reply.json();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#process, 'exit');
    this.#process.kill();
    await ended;
  }
}
