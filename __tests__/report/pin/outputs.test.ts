import { expect, it } from '@jest/globals';
import { PIN_OUTPUT_NAMES, pinOutputs } from '../../../src/report/pin/outputs.ts';
import { COMMON, PIN, RUN, VERSION } from '../command-report.ts';

it('has every output of pin/action.yml', () => {
  const outputs = pinOutputs({ ...COMMON, version: VERSION, state: 'pinned', changed: true, pin: PIN });
  expect(Object.keys(outputs)).toEqual([...PIN_OUTPUT_NAMES]);
  expect(outputs).toEqual({
    version: '42',
    'version-id': VERSION.id,
    changed: 'true',
    pin: JSON.stringify({ by: 'octocat', time: PIN.time, reason: PIN.reason, url: RUN.url }),
    requests: '6',
    'duration-ms': '1235',
  });
});

it('has an empty pin where none is known', () => {
  const outputs = pinOutputs({ ...COMMON, version: VERSION, state: 'unpinned', changed: false });
  expect(outputs).toMatchObject({ changed: 'false', pin: '' });
});
