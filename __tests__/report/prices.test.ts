import { expect, it } from '@jest/globals';
import { CLASS_PRICES, DEFAULT_STORAGE_CLASS, STANDARD_PRICE } from '../../src/report/prices.ts';

it('has a price for the class that is used when none is named', () => {
  expect(CLASS_PRICES.get(DEFAULT_STORAGE_CLASS)).toBe(STANDARD_PRICE);
});

it('asks less for storage and more for writing the colder a class is', () => {
  const ladder = ['STANDARD', 'STANDARD_IA', 'GLACIER', 'DEEP_ARCHIVE'].map((name) => CLASS_PRICES.get(name));
  const storage = ladder.map((price) => price?.storageUsdPerGbMonth ?? Number.NaN);
  const writes = ladder.map((price) => price?.writesUsdPerThousand ?? Number.NaN);
  expect(storage).toEqual(storage.toSorted((a, b) => b - a));
  expect(writes).toEqual(writes.toSorted((a, b) => a - b));
});

it('has minimum durations for all classes that are read for a fee or after a restore', () => {
  const charged = [...CLASS_PRICES.values()].filter(({ retrieval }) => retrieval !== undefined);
  expect(charged.map(({ minimumDays }) => minimumDays)).toEqual([30, 30, 90, 90, 180]);
});
