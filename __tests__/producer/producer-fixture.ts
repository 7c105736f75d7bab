import { Readable } from 'node:stream';
import type { CommandPorts } from '../../src/commands/ports.ts';
import { checkProducer, startProducer } from '../../src/producer/start.ts';

/** Finds and starts real programs, with nothing but a way to find them. */
export function producing(log: CommandPorts['log']): Pick<CommandPorts, 'checkProducer' | 'produce'> {
  const variables = { PATH: process.env.PATH ?? '' };
  return {
    checkProducer: (source) => checkProducer(source, { variables }),
    produce: (source, signal) => startProducer(source, { variables, stdin: () => Readable.from([]), log, signal }),
  };
}
