import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { replaceBetween } from '../scripts/markers.ts';
import { markdown, type Results } from './report.ts';

const DOCS = join(import.meta.dirname, '..', 'docs', 'performance.md');

/** Writes what the last whole run found between the markers of docs/performance.md. */
export function writeDocs(): void {
  const results = JSON.parse(readFileSync(join(import.meta.dirname, 'results.json'), 'utf8')) as Results;
  writeFileSync(DOCS, replaceBetween(readFileSync(DOCS, 'utf8'), 'results', markdown(results)));
}
