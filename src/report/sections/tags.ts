import { details, table } from '../blocks.ts';
import type { Section } from '../budget.ts';
import { EMPTY, fileName, md } from '../markdown.ts';
import type { BackupReport } from '../types.ts';
import { count } from '../units.ts';

/** S3 takes ten tags per object (S3 User Guide, "Categorizing objects using tags"). */
const MAX_TAGS = 10;

/** The tags that the objects of the version carry. */
export function tagsSection({ tags }: BackupReport): Section {
  const rows = Object.entries(tags).slice(0, MAX_TAGS);
  const cells = rows.map(([key, value]) => [fileName(key), fileName(value)]);
  const shown = details(
    md`${count(rows.length, 'tag')} on every object`,
    table([{ title: 'Tag' }, { title: 'Value' }], cells),
  );
  return { name: 'tags', variants: [shown, EMPTY] };
}
