import { describe, expect, it } from '@jest/globals';
import { parsePruneInputs } from '../../src/inputs/prune.ts';
import { actionYamlOf, context, type Inputs, minimalInputsOf, sourceOf } from '../github/support.ts';

const MINIMAL = minimalInputsOf(actionYamlOf('prune'));
const parse = (inputs: Inputs) => parsePruneInputs(sourceOf({ ...MINIMAL, ...inputs }), context);

describe('parsePruneInputs', () => {
  it('reads the policy', () => {
    expect(parse({ 'keep-last': '14', 'prune-noncurrent': 'true', 'abandoned-after': '2d' })).toMatchObject({
      retention: { policy: { keepLast: 14 }, pruneNoncurrent: true, abandonedAfterMs: 172_800_000 },
      dryRun: false,
      notes: [],
    });
  });

  it('refuses to prune without any rule', () => {
    expect(() => parse({})).toThrow(
      'The input `keep-last` is empty, but a prune without any rule keeps everything: write how many of the newest versions to keep, such as `14`, or another rule.',
    );
  });
});
