import { environmentSecrets } from '../github/environment.ts';
import { Redaction } from '../redaction.ts';
import { conclude } from './conclusion.ts';
import { EXIT_CODES, exitCodeOf } from './exit-code.ts';
import { parseArguments } from './program.ts';
import { Screen } from './screen.ts';
import type { Terminal } from './terminal.ts';

/**
 * The program: reads the command line, runs the command, says how it ended. Never throws.
 * @param args without program and script
 * @returns the exit code
 */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const redaction = new Redaction(environmentSecrets(terminal.variables));
  const screen = new Screen({ ...terminal, redaction });
  try {
    const invocation = parseArguments(args);
    if (invocation.kind === 'text') {
      const output = invocation.exitCode === EXIT_CODES.done ? terminal.stdout : terminal.stderr;
      output.write(invocation.text);
      return invocation.exitCode;
    }
    // Only now: help needs neither the readers of inputs nor what they lean on.
    const { runInvocation } = await import(/* webpackMode: "eager" */ './run-invocation.ts');
    return await runInvocation(invocation, { terminal, redaction, screen });
  } catch (error) {
    const outcome = { command: '', exitCode: exitCodeOf(error, false), problems: [], error };
    return conclude(outcome, screen, { json: args.includes('--json'), verbose: false });
  }
}
