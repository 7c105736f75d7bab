import { details, table } from '../blocks.ts';
import type { Section } from '../budget.ts';
import { EMPTY, fileName, md } from '../markdown.ts';
import type { BackupReport } from '../types.ts';
import { bytes } from '../units.ts';

const MAX_ROWS = 10;

/** The largest files, for a look at what the bytes are. */
export function largestSection({ largest }: BackupReport): Section {
  const rows = largest.slice(0, MAX_ROWS).map(({ path, size }) => [fileName(path), md`${bytes(size)}`]);
  const files = table([{ title: 'File' }, { title: 'Size', align: 'right' }], rows);
  return { name: 'largest files', variants: [details(md`Largest files`, files), EMPTY] };
}
