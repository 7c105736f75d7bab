import { describe, expect, it } from '@jest/globals';
import { parseCommand } from '../../../dev/runner/workflow-commands.ts';

const KNOWN = new Set(['warning', 'group', 'add-mask', 'error']);
const parse = (line: string) => parseCommand(line, (name) => KNOWN.has(name));

describe('parseCommand', () => {
  it('reads name, properties and data', () => {
    expect(parse('::warning file=a.txt,line=3,title=Odd::two files')).toEqual({
      name: 'warning',
      properties: new Map([
        ['file', 'a.txt'],
        ['line', '3'],
        ['title', 'Odd'],
      ]),
      data: 'two files',
    });
  });

  it.each([
    ['::group::Upload', 'Upload'],
    ['  ::group::after white space', 'after white space'],
    ['::GROUP::in capitals', 'in capitals'],
    ['::group::a::b', 'a::b'],
    ['::group::', ''],
    ['::error::line%0Abreak%0D', 'line\nbreak\r'],
    ['::error::%3A and %2C stay in data', '%3A and %2C stay in data'],
    ['::error::100%25', '100%'],
    ['::error::%250A is a percent sign and 0A', '%0A is a percent sign and 0A'],
    ['a file named ##[error]gotcha', 'gotcha'],
    ['##[error]a%5D%3B%25', 'a];%'],
  ])('reads the data of %j', (line, data) => {
    expect(parse(line)?.data).toBe(data);
  });

  it('unescapes properties, colons and commas too', () => {
    const properties = parse('::warning title=a%2Cb%3A c%25%0A,file=x=y::text')?.properties;
    expect(properties).toEqual(new Map(Object.entries({ title: 'a,b: c%\n', file: 'x=y' })));
  });

  it('separates the properties of the bracket form with semicolons', () => {
    const properties = parse('##[warning title=a,b;file=c]text')?.properties;
    expect(properties).toEqual(new Map(Object.entries({ title: 'a,b', file: 'c' })));
  });

  it('leaves out properties without name or value', () => {
    expect(parse('::warning title=,=x,,file=a::text')?.properties).toEqual(new Map([['file', 'a']]));
  });

  it.each(['', 'plain text', 'text ::warning::inside', '::unknown::x', '::warning', '::warning:x', '##[warning'])(
    'takes %j for text',
    (line) => {
      expect(parse(line)).toBeUndefined();
    },
  );
});
