import { secretForms } from './secret-forms.ts';

const MASK = '***';

/** Takes secrets out of texts. */
export class Redaction {
  #forms: readonly string[] = [];

  constructor(secrets: readonly string[] = []) {
    secrets.forEach(this.add, this);
  }

  /** From now on. Texts that are too short to be secrets are not hidden. */
  add(secret: string): void {
    const forms = new Set([...this.#forms, ...secretForms(secret).flatMap(withJsonForm)]);
    // The longest first, as one may hold another.
    this.#forms = [...forms].sort((a, b) => b.length - a.length);
  }

  /** The text with asterisks in place of each secret, in all forms it can turn up in. */
  redact(text: string): string {
    return this.#forms.reduce((open, form) => open.replaceAll(form, MASK), text);
  }
}

/** As it is, and as it stands inside a text of JSON. */
function withJsonForm(form: string): readonly string[] {
  return [form, JSON.stringify(form).slice(1, -1)];
}
