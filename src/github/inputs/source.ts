import { getInput, getMultilineInput } from '@actions/core';

/** Where inputs come from: the runner, a command line, or a plain object in a test. */
export interface InputSource {
  /** Without spaces around it; empty for an input that was not given. */
  get(name: string): string;
  /** The lines of an input, without spaces around them and without empty ones. */
  getLines(name: string): readonly string[];
}

/** The inputs of the step, defaults of action.yml included. */
export const actionsInputs: InputSource = {
  get: (name) => getInput(name),
  // The toolkit drops empty lines before it trims, so lines of spaces come through as empty ones.
  getLines: (name) => getMultilineInput(name).filter((line) => line !== ''),
};
