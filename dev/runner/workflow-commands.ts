/** An instruction to the runner, found in a line of output. */
export interface WorkflowCommand {
  /** In lower case: the runner ignores the case of names and properties. */
  readonly name: string;
  readonly properties: ReadonlyMap<string, string>;
  readonly data: string;
}

interface Syntax {
  /** Captures what comes before the data (name and properties), and the data. */
  readonly pattern: RegExp;
  readonly separator: string;
  /** In the order in which the runner replaces them: the percent sign last. */
  readonly propertyEscapes: readonly Escape[];
  readonly dataEscapes: readonly Escape[];
}

type Escape = readonly [escaped: string, plain: string];

const CR: Escape = ['%0D', '\r'];
const LF: Escape = ['%0A', '\n'];
const PERCENT: Escape = ['%25', '%'];

/** `::name key=value,key=value::data`, at the start of a line. */
const COLONS: Syntax = {
  pattern: /^\s*::(.*?)::(.*)$/s,
  separator: ',',
  propertyEscapes: [CR, LF, ['%3A', ':'], ['%2C', ','], PERCENT],
  dataEscapes: [CR, LF, PERCENT],
};

const BRACKET_ESCAPES: readonly Escape[] = [['%3B', ';'], CR, LF, ['%5D', ']'], PERCENT];

/** `##[name key=value;key=value]data`: the older form, which the runner still obeys *anywhere* in a line. */
const BRACKETS: Syntax = {
  pattern: /##\[(.*?)\](.*)$/s,
  separator: ';',
  propertyEscapes: BRACKET_ESCAPES,
  dataEscapes: BRACKET_ESCAPES,
};

/**
 * Finds the workflow command in a line, by the rules of actions/runner (`ActionCommand.cs`).
 *
 * @param isKnown tells by its lower-case name whether a command exists; others are text
 */
export function parseCommand(line: string, isKnown: (name: string) => boolean): WorkflowCommand | undefined {
  return parseWith(COLONS, line, isKnown) ?? parseWith(BRACKETS, line, isKnown);
}

function parseWith(syntax: Syntax, line: string, isKnown: (name: string) => boolean): WorkflowCommand | undefined {
  const match = syntax.pattern.exec(line);
  if (match === null) {
    return undefined;
  }
  const [, info = '', data = ''] = match;
  const name = info.split(' ', 1).join('').toLowerCase();
  if (!isKnown(name)) {
    return undefined;
  }
  return {
    name,
    properties: parseProperties(syntax, info.slice(name.length).trim()),
    data: unescapeText(data, syntax.dataEscapes),
  };
}

function parseProperties(syntax: Syntax, text: string): Map<string, string> {
  const properties = new Map<string, string>();
  for (const property of text.split(syntax.separator)) {
    const equals = property.indexOf('=');
    const value = property.slice(equals + 1);
    if (equals > 0 && value !== '') {
      properties.set(property.slice(0, equals).toLowerCase(), unescapeText(value, syntax.propertyEscapes));
    }
  }
  return properties;
}

function unescapeText(text: string, escapes: readonly Escape[]): string {
  return escapes.reduce((result, [escaped, plain]) => result.replaceAll(escaped, plain), text);
}
