import { expect, it } from '@jest/globals';
import { ContentTable, type Location, locationOf, MAX_KNOWN_CONTENTS } from '../../src/transfer/content-table.ts';

const content = (path: string) => ({ path, location: Promise.resolve<Location>({ key: path }) });

it('forgets the oldest once it knows as many as it may', () => {
  const table = new ContentTable();
  for (let number = 0; number <= MAX_KNOWN_CONTENTS; number++) table.remember(`sha${number}`, content(String(number)));
  expect(table.find('sha0')).toBeUndefined();
  expect(table.find('sha1')?.path).toBe('1');
  expect(table.find(`sha${MAX_KNOWN_CONTENTS}`)?.path).toBe(String(MAX_KNOWN_CONTENTS));
});

it('names in a pack the member that is there, also from one copy to the next, and an object as it is', () => {
  const slice = { offset: 1, bytes: 2, skip: 3 };
  const ofCopy = locationOf({ path: 'first' }, { key: 'pack', slice });
  expect(ofCopy).toEqual({ key: 'pack', slice: { ...slice, member: 'first' } });
  expect(locationOf({ path: 'copy' }, ofCopy)).toEqual(ofCopy);
  expect(locationOf({ path: 'first' }, { key: 'object' })).toEqual({ key: 'object' });
});
