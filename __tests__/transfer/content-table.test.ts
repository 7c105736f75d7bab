import { expect, it } from '@jest/globals';
import { ContentTable, locationFor, MAX_KNOWN_CONTENTS } from '../../src/transfer/content-table.ts';

const content = (path: string) => ({ path, size: 1, location: Promise.resolve({ key: path }) });

it('hands the oldest on once it knows as many as it may', () => {
  const forgotten: string[] = [];
  const table = new ContentTable((sha256, { path }) => forgotten.push(`${sha256} ${path}`));
  for (let number = 0; number <= MAX_KNOWN_CONTENTS; number++) table.remember(`sha${number}`, content(String(number)));
  expect(forgotten).toEqual(['sha0 0']);
  expect(table.find('sha0')).toBeUndefined();
  expect(table.find('sha1')?.path).toBe('1');
  expect(table.find(`sha${MAX_KNOWN_CONTENTS}`)?.path).toBe(String(MAX_KNOWN_CONTENTS));
});

it('names in a pack the member that is there, also from one copy to the next, and an object as it is', () => {
  const slice = { offset: 1, bytes: 2, skip: 3 };
  const ofCopy = locationFor(content('first'), { key: 'pack', slice });
  expect(ofCopy).toEqual({ key: 'pack', slice: { ...slice, member: 'first' } });
  expect(locationFor(content('copy'), ofCopy)).toEqual(ofCopy);
  expect(locationFor(content('first'), { key: 'object' })).toEqual({ key: 'object' });
});
