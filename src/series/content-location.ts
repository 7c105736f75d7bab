import type { ContentLocation, FileEntry } from './model.ts';

/** Where an entry's bytes are, for entries of any path: of a slice, `member` is always there. */
export function locationOf({
  path,
  key,
  stored,
  slice,
  receipt,
}: Pick<FileEntry, 'path' | keyof ContentLocation>): ContentLocation {
  return {
    key,
    ...(stored && { stored }),
    ...(slice && { slice: { ...slice, member: slice.member ?? path } }),
    ...(receipt && { receipt }),
  };
}

/** The inverse of {@link locationOf}: as it stands in the entry of a path. */
export function locationAt(path: string, { key, stored, slice, receipt }: ContentLocation): ContentLocation {
  if (slice === undefined) return { key, ...(stored && { stored }), ...(receipt && { receipt }) };
  const { member, ...rest } = slice;
  return { key, slice: member === undefined || member === path ? rest : { ...rest, member } };
}
