import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { checkProducer, startProducer } from '../../src/producer/start.ts';
import type { OutputSource } from '../../src/producer/types.ts';
import { bytesOf } from '../series/series-fixture.ts';

function start(source: OutputSource) {
  const lines: string[] = [];
  const producer = startProducer(source, {
    variables: { PATH: process.env.PATH ?? '', WORD: 'a word' },
    stdin: () => Readable.from([Buffer.from('piped')]),
    log: { info: (line) => lines.push(line) },
    signal: new AbortController().signal,
  });
  return { producer, lines };
}

async function outputOf(source: OutputSource): Promise<string> {
  const { producer } = start(source);
  const output = (await bytesOf(producer.bytes)).toString();
  await producer.finish();
  return output;
}

const directory = import.meta.dirname;

describe('startProducer', () => {
  it('runs a script by bash', async () => {
    const script = 'printf "%s\\n" "$WORD" | tr a-z A-Z\nbasename "$PWD"';
    expect(await outputOf({ kind: 'shell', script, directory })).toBe('A WORD\nproducer\n');
  });

  it.each(['false | cat\necho on', 'false\necho on'])(
    'ends a script at the first failure, in a pipeline too: %j',
    async (script) => {
      const { producer } = start({ kind: 'shell', script, directory });
      expect((await bytesOf(producer.bytes)).toString()).toBe('');
      await expect(producer.finish()).rejects.toThrow('The command failed with exit code 1.');
    },
  );

  it('runs a program as it is named, without a shell', async () => {
    const args = ['-e', 'console.log(process.argv.slice(1).join())', '--', '$WORD', '*', 'a b; c'];
    expect(await outputOf({ kind: 'program', file: process.execPath, args, directory })).toBe('$WORD,*,a b; c\n');
  });

  it('reads a pipe', async () => {
    expect(await outputOf({ kind: 'pipe' })).toBe('piped');
  });

  it('logs stderr', async () => {
    const { producer, lines } = start({ kind: 'shell', script: 'echo dumping >&2', directory });
    await bytesOf(producer.bytes);
    await producer.finish();
    expect(lines).toEqual(['stderr: dumping']);
  });
});

describe('checkProducer', () => {
  const nowhere = { variables: { PATH: import.meta.dirname } };

  it('looks for the program, and for the shell of a script', async () => {
    const script: OutputSource = { kind: 'shell', script: 'no-such-program', directory };
    await checkProducer(script, { variables: { PATH: process.env.PATH ?? '' } });
    await expect(checkProducer(script, nowhere)).rejects.toThrow('`bash`, which runs it, was not found');
    const program: OutputSource = { kind: 'program', file: 'pg_dump', args: [], directory };
    await expect(checkProducer(program, nowhere)).rejects.toThrow('The command "pg_dump" cannot be started');
  });

  it('knows nothing of a pipe', async () => {
    await checkProducer({ kind: 'pipe' }, nowhere);
  });
});
