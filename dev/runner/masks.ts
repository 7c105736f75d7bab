const MASK = '***';
/** A secret in double quotes is masked without them too, when it is longer than this (in characters). */
const MIN_QUOTED_LENGTH = 8;

type Encode = (secret: string) => string;

/**
 * The forms a secret may take in a log, as the runner knows them (actions/runner, `ValueEncoders.cs`; its two forms for
 * PowerShell are left out). A secret inside something base64-encoded shows in one of three alignments.
 */
const ENCODINGS: readonly Encode[] = [
  (secret) => secret,
  (secret) => base64From(secret, 0),
  (secret) => base64From(secret, 1),
  (secret) => base64From(secret, 2),
  (secret) => secret.replaceAll('"', '\\"'),
  (secret) => secret.replaceAll("'", "''"),
  (secret) => JSON.stringify(secret).slice(1, -1),
  uriEscape,
  xmlEscape,
  (secret) => (secret.length > MIN_QUOTED_LENGTH && /^".*"$/s.test(secret) ? secret.slice(1, -1) : ''),
];

/** Replaces secrets by `***` in whatever is shown. */
export class SecretMasker {
  readonly #forms = new Set<string>();

  /** From now on hides the value, each of its lines, and all of them in the usual encodings. */
  add(value: string): void {
    const lines = value.split(/[\r\n]/).map((line) => line.trim());
    for (const secret of [value, ...lines].filter((text) => text !== '')) {
      for (const encode of ENCODINGS) {
        this.#forms.add(encode(secret));
      }
    }
    this.#forms.delete('');
  }

  mask(text: string): string {
    const ranges = Array.from(this.#forms)
      .flatMap((form) => occurrences(text, form))
      .sort((a, b) => a.start - b.start);
    let masked = '';
    let shownUpTo = 0;
    for (const range of mergeTouching(ranges)) {
      masked += text.slice(shownUpTo, range.start) + MASK;
      shownUpTo = range.end;
    }
    return masked + text.slice(shownUpTo);
  }
}

interface Range {
  readonly start: number;
  readonly end: number;
}

function occurrences(text: string, form: string): Range[] {
  const found: Range[] = [];
  for (let start = text.indexOf(form); start !== -1; start = text.indexOf(form, start + 1)) {
    found.push({ start, end: start + form.length });
  }
  return found;
}

function mergeTouching(sorted: readonly Range[]): Range[] {
  const merged: Range[] = [];
  for (const range of sorted) {
    const last = merged.at(-1);
    if (last !== undefined && range.start <= last.end) {
      merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, range.end) };
    } else {
      merged.push(range);
    }
  }
  return merged;
}

function base64From(secret: string, offset: number): string {
  const bytes = Buffer.from(secret);
  return bytes.subarray(bytes.length > offset ? offset : 0).toString('base64');
}

/** RFC 3986: everything but unreserved characters, which is more than encodeURIComponent escapes. */
function uriEscape(secret: string): string {
  return encodeURIComponent(secret.toWellFormed()).replaceAll(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function xmlEscape(secret: string): string {
  return secret
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;');
}
