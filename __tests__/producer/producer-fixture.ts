import { Readable } from 'node:stream';
import type { CommandPorts } from '../../src/commands/ports.ts';
import { startProducer } from '../../src/producer/start.ts';

/** Starts real programs, with nothing but a way to find them. */
export function producing(log: CommandPorts['log']): CommandPorts['produce'] {
  const variables = { PATH: process.env.PATH ?? '' };
  return (source, signal) => startProducer(source, { variables, stdin: () => Readable.from([]), log, signal });
}
