import type { Totals } from '../series/model.ts';
import { type Markdown, md } from './markdown.ts';
import { exactBytes, grouped } from './units.ts';

/** What the entries of a version are, as rows of a table; of links and empty directories those there are. */
export function entryRows({ files, bytes, symlinks, directories }: Totals): Markdown[][] {
  return [
    [md`Files`, md`${grouped(files)}`],
    [md`Bytes`, md`${exactBytes(bytes)}`],
    ...(symlinks > 0 ? [[md`Symbolic links`, md`${grouped(symlinks)}`]] : []),
    ...(directories > 0 ? [[md`Empty directories`, md`${grouped(directories)}`]] : []),
  ];
}
