import { describe, expect, it } from '@jest/globals';
import { Calendar, isTimezone } from '../../src/retention/calendar.ts';
import { span } from './versions.ts';

const UTC = new Calendar('UTC');

describe('periods', () => {
  it('names an instant in every period', () => {
    expect(UTC.periods(new Date('2026-11-22T03:15:59.999Z'))).toEqual({
      hour: '2026-11-22 03h +00:00',
      day: '2026-11-22',
      week: '2026-W47',
      month: '2026-11',
      year: '2026',
    });
  });

  // ISO 8601; the years in which a calendar year and the year of its weeks part.
  it.each([
    ['2020-12-27', '2020-W52'],
    ['2020-12-28', '2020-W53'],
    ['2020-12-31', '2020-W53'],
    ['2021-01-01', '2020-W53'],
    ['2021-01-03', '2020-W53'],
    ['2021-01-04', '2021-W01'],
    ['2024-12-29', '2024-W52'],
    ['2024-12-30', '2025-W01'],
    ['2024-12-31', '2025-W01'],
    ['2025-01-05', '2025-W01'],
    ['2025-01-06', '2025-W02'],
    ['2024-02-29', '2024-W09'],
    ['2000-02-29', '2000-W09'],
    ['1999-12-31', '1999-W52'],
    ['2000-01-02', '1999-W52'],
    ['2008-12-29', '2009-W01'],
    ['2010-01-03', '2009-W53'],
  ])('puts %s into the week %s', (day, week) => {
    expect(UTC.periods(new Date(`${day}T12:00:00Z`)).week).toBe(week);
  });

  it.each([
    // Summer time begins: the clock skips an hour, and no hour of it is there.
    ['Europe/Berlin', '2026-03-29T00:59:59Z', '2026-03-29 01h +01:00'],
    ['Europe/Berlin', '2026-03-29T01:00:00Z', '2026-03-29 03h +02:00'],
    ['America/New_York', '2026-03-08T06:59:59Z', '2026-03-08 01h -05:00'],
    ['America/New_York', '2026-03-08T07:00:00Z', '2026-03-08 03h -04:00'],
    ['Australia/Lord_Howe', '2026-10-03T15:29:59Z', '2026-10-04 01h +10:30'],
    ['Australia/Lord_Howe', '2026-10-03T15:30:00Z', '2026-10-04 02h +11:00'],
    // It ends: the clock shows an hour twice, and these are two.
    ['Europe/Berlin', '2026-10-25T00:30:00Z', '2026-10-25 02h +02:00'],
    ['Europe/Berlin', '2026-10-25T01:30:00Z', '2026-10-25 02h +01:00'],
    ['America/New_York', '2026-11-01T05:30:00Z', '2026-11-01 01h -04:00'],
    ['America/New_York', '2026-11-01T06:30:00Z', '2026-11-01 01h -05:00'],
    ['Australia/Lord_Howe', '2026-04-04T14:45:00Z', '2026-04-05 01h +11:00'],
    ['Australia/Lord_Howe', '2026-04-04T15:15:00Z', '2026-04-05 01h +10:30'],
  ])('in %s calls %s %s', (timezone, instant, hour) => {
    expect(new Calendar(timezone).periods(new Date(instant)).hour).toBe(hour);
  });

  it.each([
    ['Pacific/Kiritimati', '2025-12-31T10:00:00Z', { day: '2026-01-01', month: '2026-01', year: '2026' }],
    ['Pacific/Pago_Pago', '2026-01-01T10:59:59Z', { day: '2025-12-31', month: '2025-12', year: '2025' }],
    ['Asia/Kathmandu', '2024-02-28T18:15:00Z', { day: '2024-02-29', week: '2024-W09' }],
  ])('has the day of %s at %s', (timezone, instant, periods) => {
    expect(new Calendar(timezone).periods(new Date(instant))).toMatchObject(periods);
  });

  it('has years of four digits, however early', () => {
    expect(UTC.periods(new Date('0099-03-01T00:00:00Z'))).toMatchObject({ day: '0099-03-01', year: '0099' });
  });
});

describe('before', () => {
  it.each([
    ['2026-11-22T03:15:00Z', '7d', '2026-11-15T03:15:00Z'],
    ['2026-11-22T03:15:00Z', '1w', '2026-11-15T03:15:00Z'],
    ['2026-11-22T03:15:00.250Z', '36h', '2026-11-20T15:15:00.250Z'],
    ['2026-11-22T03:15:00Z', '1y6m', '2025-05-22T03:15:00Z'],
    ['2026-01-15T00:00:00Z', '2m', '2025-11-15T00:00:00Z'],
    ['2026-03-31T00:00:00Z', '1m', '2026-02-28T00:00:00Z'],
    ['2024-03-31T00:00:00Z', '1m', '2024-02-29T00:00:00Z'],
    ['2024-02-29T00:00:00Z', '1y', '2023-02-28T00:00:00Z'],
    ['2024-02-29T00:00:00Z', '4y', '2020-02-29T00:00:00Z'],
    ['2024-03-01T00:00:00Z', '1d', '2024-02-29T00:00:00Z'],
    ['2026-11-22T00:00:00Z', '1000y', '1026-11-22T00:00:00Z'],
  ])('%s %s is %s', (instant, text, expected) => {
    expect(UTC.before(new Date(instant), span(text))).toEqual(new Date(expected));
  });

  it.each([
    // A day by the calendar is 23 or 25 hours where the clock is changed; hours are always hours.
    ['Europe/Berlin', '2026-03-30T01:00:00Z', '1d', '2026-03-29T01:00:00Z'],
    ['Europe/Berlin', '2026-03-29T22:00:00Z', '1d', '2026-03-28T23:00:00Z'],
    ['Europe/Berlin', '2026-03-29T22:00:00Z', '24h', '2026-03-28T22:00:00Z'],
    ['Europe/Berlin', '2026-10-25T23:00:00Z', '1d', '2026-10-24T22:00:00Z'],
    ['America/New_York', '2026-03-09T04:00:00Z', '1d', '2026-03-08T05:00:00Z'],
    ['America/New_York', '2026-11-02T05:00:00Z', '1d', '2026-11-01T04:00:00Z'],
    ['Australia/Lord_Howe', '2026-04-05T13:30:00Z', '1d', '2026-04-04T13:00:00Z'],
    // 02:30 was skipped: the hour after it by the offset before.
    ['Europe/Berlin', '2026-03-30T00:30:00Z', '1d', '2026-03-29T01:30:00Z'],
  ])('in %s, %s %s is %s', (timezone, instant, text, expected) => {
    expect(new Calendar(timezone).before(new Date(instant), span(text))).toEqual(new Date(expected));
  });
});

it('isTimezone knows names and no offsets', () => {
  expect(['UTC', 'Europe/Berlin', 'Mars/Olympus', '+01:00', ''].map(isTimezone)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
  expect(() => new Calendar('Mars/Olympus')).toThrow('timezone is "Mars/Olympus", but it must be a name such as UTC.');
});
