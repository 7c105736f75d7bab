import type { PathStyle } from '../selection/paths.ts';

/** `PATH_MAX` of Linux less the NUL at the end. */
const MAX_TARGET_BYTES = 4095;

/** @returns why no link can have this text, or undefined */
export function linkTextProblem(target: string): string | undefined {
  if (target === '') return 'it points nowhere';
  if (target.includes('\0')) return 'its text has a NUL character';
  if (!target.isWellFormed()) return 'its text is not valid Unicode';
  return Buffer.byteLength(target) > MAX_TARGET_BYTES ? `its text has more than ${MAX_TARGET_BYTES} bytes` : undefined;
}

/**
 * Why a link may lead out of the directory it is restored to. It may go up first and then down, and never up again:
 * then it stays inside whatever other links of the same kind it passes through. (Text alone cannot tell where
 * `other-link/../file` leads; that is how CVE-2025-4517 and its like got out.)
 *
 * @param path of the link below the directory, POSIX
 * @returns undefined for a link that stays inside
 */
export function leavesTarget(path: string, target: string, style: PathStyle): string | undefined {
  const text = style.separator === '\\' ? target.replaceAll('\\', '/') : target;
  const isAbsolute = text.startsWith('/') || (style.separator === '\\' && /^[A-Za-z]:/.test(text));
  if (isAbsolute) return 'it is absolute';
  const segments = text.split('/').filter((segment) => segment !== '' && segment !== '.');
  const firstDown = segments.findIndex((segment) => segment !== '..');
  const ups = firstDown === -1 ? segments.length : firstDown;
  if (ups > path.split('/').length - 1) return 'it leads out of the target directory';
  return segments.includes('..', ups)
    ? 'it goes up again after going down, so where it leads is not certain'
    : undefined;
}
