import { createHash } from 'node:crypto';

/** What a placeholder stands for in this run. */
export interface PlaceholderValue {
  /** For people. */
  readonly text: string;
  /** What tells it from every other value of the placeholder. */
  readonly identity: string;
  /** Whether the text alone tells it from every other value, if the text can stay as it is. */
  readonly isTelling: boolean;
}

/** A template, taken apart before anything is put into it: what a value holds is never read as a placeholder. */
export interface NameTemplate {
  /** By segments of the path: literal texts and the placeholders between them; one literal more than placeholders. */
  readonly segments: readonly TemplateSegment[];
  /** Every placeholder in it. */
  readonly placeholders: ReadonlySet<string>;
}

interface TemplateSegment {
  readonly literals: readonly string[];
  readonly placeholders: readonly string[];
}

/** Hexadecimal digits, four bits each: nobody finds a second text with the same digest on purpose. */
const DIGEST_DIGITS = 16;

/** Of a segment with a placeholder: as long as the name of a series may be. */
const MAX_SEGMENT_CHARACTERS = 100;

/** Of a value that had to be cleaned, so that a long one leaves room for the others. */
const MAX_CLEANED_CHARACTERS = 40;

/** What is safe in keys, IAM policies, URLs and shells, at any place of a name; never `.` or `..`. */
const PLAIN = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
const DIGEST_AT_END = new RegExp(`-[0-9a-f]{${DIGEST_DIGITS}}$`);
const PLACEHOLDER = /\{([^{}]*)\}/;

/** Takes a template apart. @returns undefined where a brace belongs to no placeholder */
export function parseNameTemplate(template: string): NameTemplate | undefined {
  const segments = template.split('/').map(parseSegment);
  const isWhole = segments.every(({ literals }) => literals.every((literal) => !/[{}]/.test(literal)));
  if (!isWhole) return undefined;
  return { segments, placeholders: new Set(segments.flatMap(({ placeholders }) => placeholders)) };
}

function parseSegment(text: string): TemplateSegment {
  // `split` with a group puts what the group holds between the parts: literal, placeholder, literal …
  const parts = text.split(PLACEHOLDER);
  return {
    literals: parts.filter((_, index) => index % 2 === 0),
    placeholders: parts.filter((_, index) => index % 2 === 1),
  };
}

/**
 * Puts values into a template, each segment by itself. A segment without a placeholder stays as it is. In the others
 * two different combinations of values never give the same text (but for a collision of digests): where the text does
 * not tell which values it came from, it is followed by the first {@link DIGEST_DIGITS} digits of the SHA-256 of their
 * identities.
 *
 * @param values one for each of the template's placeholders
 * @returns of a segment with a placeholder at most {@link MAX_SEGMENT_CHARACTERS} characters; what comes of values is
 *   letters, digits and `._-`, starting with a letter or digit
 */
export function fillNameTemplate({ segments }: NameTemplate, values: ReadonlyMap<string, PlaceholderValue>): string {
  return segments.map((segment) => fillSegment(segment, values)).join('/');
}

function fillSegment({ literals, placeholders }: TemplateSegment, all: ReadonlyMap<string, PlaceholderValue>): string {
  const [first = '', ...following] = literals;
  const values = placeholders.flatMap((name) => all.get(name) ?? []);
  if (values.length === 0) return first;
  const text = first + values.map((value, index) => cleanText(value) + (following[index] ?? '')).join('');
  return values.every(isKept) && isTelling(text, literals) ? text : withDigest(text, values);
}

function isKept({ text, isTelling }: PlaceholderValue): boolean {
  return isTelling && PLAIN.test(text);
}

function cleanText(value: PlaceholderValue): string {
  if (isKept(value)) return value.text;
  const cleaned = value.text
    .replaceAll(/[^A-Za-z0-9._]+/g, '-')
    .slice(0, MAX_CLEANED_CHARACTERS)
    .replaceAll(/^[._-]+|[._-]+$/g, '');
  return cleaned === '' ? 'x' : cleaned;
}

function isTelling(text: string, literals: readonly string[]): boolean {
  return text.length <= MAX_SEGMENT_CHARACTERS && !DIGEST_AT_END.test(text) && hasOneReading(text, literals);
}

/**
 * Whether the literals are found in the text at one set of places only: `a-b-c` can come of `{owner}-{repo}` in two
 * ways. They are looked for as far left as they go, and as far right.
 */
function hasOneReading(text: string, literals: readonly string[]): boolean {
  const inner = literals.slice(1, -1);
  let left = literals[0]?.length ?? 0;
  const leftmost = inner.map((literal) => {
    const place = text.indexOf(literal, left + 1);
    left = place + literal.length;
    return place;
  });
  let right = text.length - (literals.at(-1)?.length ?? 0);
  const rightmost = inner.toReversed().map((literal) => {
    const place = text.lastIndexOf(literal, right - 1 - literal.length);
    right = place;
    return place;
  });
  return rightmost.toReversed().every((place, index) => place === leftmost[index]);
}

function withDigest(text: string, values: readonly PlaceholderValue[]): string {
  const identities = JSON.stringify(values.map(({ identity }) => identity));
  const digest = createHash('sha256').update(identities).digest('hex').slice(0, DIGEST_DIGITS);
  const room = MAX_SEGMENT_CHARACTERS - DIGEST_DIGITS - 1;
  return `${text.slice(0, room).replace(/[._-]+$/, '')}-${digest}`;
}
