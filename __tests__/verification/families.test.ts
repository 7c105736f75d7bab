import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { families } from '../../src/verification/families.ts';

const version = (id: string, ...leansOn: string[]) => ({ record: { id, leansOn } });
const idsOf = (versions: readonly ReturnType<typeof version>[]) =>
  families(versions).map((family) => family.map(({ record }) => record.id));

it('families are versions that share data', () => {
  const versions = [
    version('1'),
    version('2', '1'),
    version('3'),
    version('4', '2', '1'),
    version('5', 'gone'),
    version('6', 'gone'),
  ];
  expect(idsOf(versions)).toEqual([['1', '2', '4'], ['3'], ['5', '6']]);
});

it('families grow together', () => {
  expect(idsOf([version('1'), version('2'), version('3', '1', '2')])).toEqual([['1', '2', '3']]);
});

it('families have every version once, and no data in common', () => {
  const leaning = fc.array(fc.array(fc.nat(20), { maxLength: 3 }), { maxLength: 20 });
  fc.assert(
    fc.property(leaning, (all) => {
      const versions = all.map((others, index) =>
        version(`${index}`, ...others.filter((other) => other < index).map(String)),
      );
      const found = families(versions);
      expect(
        found
          .flat()
          .map(({ record }) => record.id)
          .sort(),
      ).toEqual(versions.map(({ record }) => record.id).sort());
      const data = found.map((family) => new Set(family.flatMap(({ record }) => [record.id, ...record.leansOn])));
      expect(data.reduce((sum, { size }) => sum + size, 0)).toBe(new Set(data.flatMap((ids) => [...ids])).size);
    }),
  );
});
