/** What differs between operating systems in how paths are written and compared. */
export interface PathStyle {
  readonly separator: '/' | '\\';
  readonly ignoreCase: boolean;
}

export const POSIX: PathStyle = { separator: '/', ignoreCase: false };
export const WINDOWS: PathStyle = { separator: '\\', ignoreCase: true };
export const HERE: PathStyle = process.platform === 'win32' ? WINDOWS : POSIX;

/** A rooted text, split where its root ends. */
export interface Rooted {
  /** `['']` for `/`, `['C:']` for `C:\`, `['', '', 'server', 'share']` for `\\server\share`. */
  readonly anchor: readonly string[];
  /** What follows, without slashes at its start. */
  readonly rest: string;
}

const WINDOWS_ANCHORS = [/^[A-Za-z]:(?=\/|$)/, /^\/\/[^/]+\/[^/]+/];

/** Turns every separator of the style into a single `/`; only the two slashes of a UNC path (`//server`) stay two. */
export function withSlashes(path: string, style: PathStyle): string {
  if (style.separator === '/') return path.replace(/\/{2,}/g, '/');
  const slashed = path.replaceAll('\\', '/');
  const unc = /^\/\/+[^/]/.test(slashed) ? '/' : '';
  return unc + slashed.replace(/\/{2,}/g, '/');
}

/** Splits an absolute path or pattern; undefined if `path` (with slashes) is not absolute. */
export function splitRoot(path: string, style: PathStyle): Rooted | undefined {
  if (style.separator === '/') return path.startsWith('/') ? { anchor: [''], rest: path.slice(1) } : undefined;
  for (const expression of WINDOWS_ANCHORS) {
    const [anchor] = expression.exec(path) ?? [];
    if (anchor !== undefined) return { anchor: anchor.split('/'), rest: path.slice(anchor.length).replace(/^\//, '') };
  }
  return undefined;
}

/** The segments of an absolute path, its anchor first: `['', 'work', 'dist']` for `/work/dist`, `['']` for `/`. */
export function segmentsOf(absolutePath: string, style: PathStyle): string[] {
  const slashed = withSlashes(absolutePath, style);
  const { anchor, rest } = splitRoot(slashed, style) ?? { anchor: [], rest: slashed };
  return [...anchor, ...rest.split('/').filter((segment) => segment !== '')];
}

export function sameSegment(a: string, b: string, style: PathStyle): boolean {
  return a === b || (style.ignoreCase && a.toUpperCase() === b.toUpperCase());
}

/** True if `segments` is `prefix` or lies below it. */
export function startsWith(segments: readonly string[], prefix: readonly string[], style: PathStyle): boolean {
  return (
    prefix.length <= segments.length &&
    prefix.every((segment, index) => sameSegment(segment, segments[index] ?? '', style))
  );
}

/** The path of `name` in the directory `directory`, both of this machine. */
export function childPath(directory: string, name: string, style: PathStyle): string {
  return directory.endsWith(style.separator) ? directory + name : directory + style.separator + name;
}

/** Where a stored path (relative, POSIX) is on this machine. */
export function absolutePathOf(root: string, path: string, style: PathStyle): string {
  return childPath(root, style.separator === '/' ? path : path.replaceAll('/', style.separator), style);
}
