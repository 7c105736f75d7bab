import { expect, it } from '@jest/globals';
import type { Conformance } from '../conformance.ts';
import { type NewPlace, TIMEOUT_MS } from './place.ts';

const ODD_NAMES = [
  'a b',
  ' ends ',
  '+',
  '%',
  '%2F',
  '%00',
  'a+b=c&d',
  '?query',
  '#hash',
  ';',
  ':',
  '::error::',
  '@',
  '!',
  '*',
  "'",
  '"',
  '`',
  '$(x)',
  '|',
  '<tag>',
  ']]>',
  '&amp;',
  '\\',
  'a\\..\\b',
  '~',
  '^',
  '{}',
  '[x]',
  'new\nline',
  'return\r',
  'tab\t',
  '\u0001',
  '\u001b[31m',
  '\u007f',
  '\u0085',
  '\u2028',
  '\ufeffbom',
  '\u202egnp.exe',
  'é',
  'e\u0301',
  'ß',
  'İ',
  '日本語',
  'עברית',
  '🦊',
  '👩‍👩‍👧',
  '\ufffd',
  '\uffff',
  '...',
  '.hidden',
  '-rf',
  'soap',
  'CON',
  'a.',
  'UPPER',
  'upper',
  'x'.repeat(255),
];

export function describeOddKeys(place: NewPlace, { cannotHold = () => false }: Conformance): void {
  it(
    'holds odd names under exactly these names',
    async () => {
      const here = place();
      const names = ODD_NAMES.filter((name) => !cannotHold(name));
      for (const name of names) await here.put(name, name);
      for (const name of names) expect(await here.text(here.key(name))).toBe(name);
      const inOrder = names.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      expect(await here.names()).toEqual(inOrder);
      expect(await here.store.delete(names.map((name) => ({ key: here.key(name) })))).toEqual([]);
      expect(await here.names()).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it('holds the longest key there is', async () => {
    const here = place();
    const room = 1024 - Buffer.byteLength(here.prefix);
    const key = await here.put(`${'é'.repeat(100)}/${'x'.repeat(room - 201)}`, 'long');
    expect(Buffer.byteLength(key)).toBe(1024);
    expect(await here.text(key)).toBe('long');
  });
}
