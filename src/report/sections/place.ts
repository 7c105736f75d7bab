import { details, table } from '../blocks.ts';
import type { Section } from '../budget.ts';
import { code, EMPTY, type Markdown, md } from '../markdown.ts';
import { requestCount } from '../outputs.ts';
import type { CommandReport } from '../types.ts';
import { duration, grouped } from '../units.ts';

const COLUMNS = [{ title: 'Where' }, { title: 'Value' }];

/** Where a command looked, and what that took. */
export function placeSection(report: CommandReport): Section {
  return { name: 'where', variants: [details(md`Where, and what it took`, table(COLUMNS, rows(report))), EMPTY] };
}

function rows({ place, requests, durationMs }: CommandReport): Markdown[][] {
  const named = { Bucket: place.bucket, Prefix: place.prefix, Endpoint: place.endpoint, Region: place.region };
  return [
    ...Object.entries(named).flatMap(([name, value]) => (value ? [[md`${name}`, code(value)]] : [])),
    [md`Requests`, md`${grouped(requestCount(requests))}`],
    [md`Duration`, md`${duration(durationMs)}`],
  ];
}
