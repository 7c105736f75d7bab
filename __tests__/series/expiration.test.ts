import { expect, it } from '@jest/globals';
import { rulesAgainst } from '../../src/series/expiration.ts';
import type { ExpirationRule } from '../../src/store/object-store.ts';
import { KEYS } from './series-fixture.ts';

const TAGS = { team: 'core', ref: 'refs/heads/main' };

it.each<[string, Pick<ExpirationRule, 'prefix'> & Partial<ExpirationRule>, boolean]>([
  ['for the whole bucket', { prefix: '' }, true],
  ['above the series', { prefix: 'back' }, true],
  ['for the series', { prefix: 'backups/dist/' }, true],
  ['for a part of the series', { prefix: 'backups/dist/data/' }, true],
  ['for another prefix', { prefix: 'logs/' }, false],
  ['for another series', { prefix: 'backups/dist2/' }, false],
  ['for our tags', { prefix: '', tags: { team: 'core' } }, true],
  ['for another value', { prefix: '', tags: { team: 'web' } }, false],
  ['for a tag we have and one we have not', { prefix: '', tags: { team: 'core', temporary: 'yes' } }, false],
  ['for a tag named like a property of every object', { prefix: '', tags: { constructor: '' } }, false],
])('a rule %s', (_what, rule, isAgainst) => {
  const rules = [{ id: 'r', tags: {}, when: '30 days after it was made', ...rule }];
  expect(rulesAgainst(rules, KEYS, TAGS)).toEqual(isAgainst ? rules : []);
});
