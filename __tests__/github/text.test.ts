import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseCommand } from '../../dev/runner/workflow-commands.ts';
import { logText } from '../../src/github/text.ts';

const anyCommand = () => true;

describe('logText', () => {
  it.each([
    ['::error::gotcha', '\\::error::gotcha'],
    ['  ::set-output name=a::b', '  \\::set-output name=a::b'],
    ['\u3000::error::gotcha', '\\u3000::error::gotcha'],
    ['a\n::error::gotcha', 'a\n\\::error::gotcha'],
    ['a\r::error::gotcha', 'a\n\\::error::gotcha'],
    ['see ##[error]gotcha', 'see ##\\[error]gotcha'],
    ['###[error]gotcha', '###\\[error]gotcha'],
    ['\u001b[31mred\u0007', '\\u001b[31mred\\u0007'],
  ])('disarms %j', (text, expected) => expect(logText(text)).toBe(expected));

  it.each(['plain', '{\n  "Resource": "arn:aws:s3:::bucket/*"\n}', '## [link](x)', 'ünï 👩‍👩‍👧 – “x”', '100 %'])(
    'leaves %j alone, so that it can be copied',
    (text) => expect(logText(text)).toBe(text),
  );

  it('never writes a line that the runner takes for a command', () => {
    const piece = fc.constantFrom(
      '::',
      ':',
      '##[',
      '#',
      '[',
      ']',
      'error',
      ' ',
      '\n',
      '\r',
      '\t',
      '\u0085',
      '\u00a0',
      '\\',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const lines = logText(pieces.join('')).split('\n');
        expect(lines.filter((line) => parseCommand(line, anyCommand) !== undefined)).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });
});
