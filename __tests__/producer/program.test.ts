import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { type ProgramCall, startProgram } from '../../src/producer/program.ts';
import { bytesOf, failure } from '../series/series-fixture.ts';

/** A script of Node's, which every machine has that runs these tests. */
const node = (script: string): ProgramCall => ({
  file: process.execPath,
  args: ['-e', script],
  directory: import.meta.dirname,
  variables: { GREETING: 'hello' },
  sharesStdin: false,
  name: 'dump',
});

function begin(call: ProgramCall, killAfterMs?: number) {
  const cancel = new AbortController();
  const lines: string[] = [];
  const ports = { signal: cancel.signal, onLine: (line: string) => lines.push(line) };
  return {
    program: startProgram(call, { ...ports, ...(killAfterMs !== undefined && { killAfterMs }) }),
    cancel,
    lines,
  };
}

/** A program whose child calls back and then does nothing: the connection breaks when it is ended. */
async function withGrandchild(prelude: string, work: (started: ReturnType<typeof begin>) => Promise<void>) {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const child = `${prelude}; require('node:net').connect(${port}, '127.0.0.1').on('error', () => {})`;
  const script = `${prelude}; require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}]); setInterval(() => {}, 1e6)`;
  const connected = once(server, 'connection');
  const started = begin(node(script), 0);
  const [socket]: Socket[] = (await connected) as Socket[];
  const closed = once(socket as Socket, 'close');
  socket?.resume().on('error', () => {});
  await work(started);
  await closed;
  server.close();
}

describe('startProgram', () => {
  it('hands out what the program writes, in its directory and with its variables alone', async () => {
    const script = `process.stdout.write([process.env.GREETING, process.env.PATH, process.cwd()].join())`;
    const { program } = begin(node(script));
    expect((await bytesOf(program.bytes)).toString()).toBe(`hello,,${import.meta.dirname}`);
    await program.finish();
  });

  it('tells every line of stderr, and the last ones again where the program fails', async () => {
    const { program, lines } = begin(
      node('console.error("one\\ntwo"); process.stdout.write("part"); process.exitCode = 3'),
    );
    expect((await bytesOf(program.bytes)).toString()).toBe('part');
    await expect(program.finish()).rejects.toEqual(
      failure('local', 'The command "dump" failed with exit code 3: two', { found: 'exit code 3' }),
    );
    expect(lines).toEqual(['one', 'two']);
  });

  it('tells a program that was killed from one that ended', async () => {
    const { program } = begin(node('process.kill(process.pid, "SIGKILL")'));
    expect(await bytesOf(program.bytes)).toHaveLength(0);
    await expect(program.finish()).rejects.toThrow(/signal SIGKILL/);
  });

  it('fails for a program that is not there', async () => {
    const { program } = begin({ ...node(''), file: 'no-such-program-anywhere' });
    expect(await bytesOf(program.bytes)).toHaveLength(0);
    await expect(program.finish()).rejects.toEqual(failure('local', /was not found/, { code: 'ENOENT' }));
    await program.stop();
  });

  it('ends with all that it has started when it is cancelled, and says why', async () => {
    await withGrandchild('', async ({ program, cancel }) => {
      const read = bytesOf(program.bytes);
      cancel.abort(new Error('cancelled'));
      await expect(read).rejects.toThrow('cancelled');
      await program.stop();
      await expect(program.finish()).rejects.toThrow('cancelled');
    });
  });

  it('is killed where it does not end when asked to', async () => {
    await withGrandchild('process.on("SIGTERM", () => {})', async ({ program }) => {
      await program.stop();
    });
  });

  it('is not even begun to be read where it was cancelled before', async () => {
    const cancel = new AbortController();
    cancel.abort(new Error('too late'));
    const program = startProgram(node('setInterval(() => {}, 1e6)'), { signal: cancel.signal, onLine() {} });
    await expect(bytesOf(program.bytes)).rejects.toThrow('too late');
    await program.stop();
  });

  it('ends early, without an error, where nobody reads on', async () => {
    const { program } = begin(node('setInterval(() => process.stdout.write("x".repeat(1e5)), 1)'));
    for await (const _ of program.bytes) break;
    await program.stop();
  });
});
