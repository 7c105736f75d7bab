import { getInput, getMultilineInput } from '@actions/core';
import type { InputSource } from '../inputs/source.ts';

/** The inputs of the step, defaults of action.yml included. */
export const actionsInputs: InputSource = {
  get: (name) => getInput(name),
  // The toolkit drops empty lines before it trims, so lines of spaces come through as empty ones.
  getLines: (name) => getMultilineInput(name).filter((line) => line !== ''),
};
