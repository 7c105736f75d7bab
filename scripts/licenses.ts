/**
 * Writes the licences of everything that is in the bundle to `dist/licenses.txt`.
 *
 * ncc's own list misses packages whose modules it joins together, so this one is made from the lock file: all packages
 * that are not for development only.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface LockedPackage {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
}

const ROOT = join(import.meta.dirname, '..');
const SEPARATOR = `\n${'-'.repeat(80)}\n\n`;

function lockedPackages(): [path: string, locked: LockedPackage][] {
  const lock: { packages: Record<string, LockedPackage> } = JSON.parse(
    readFileSync(join(ROOT, 'package-lock.json'), 'utf8'),
  );
  return Object.entries(lock.packages).filter(([path, { dev }]) => path !== '' && dev !== true);
}

function licenceText(path: string): string {
  const folder = join(ROOT, path);
  const [file] = readdirSync(folder)
    .filter((name) => /^(licen[cs]e|copying)/i.test(name))
    .sort();
  return file === undefined ? '' : `\n${readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim()}\n`;
}

const entries = lockedPackages().map(([path, { version, license }]) => {
  const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
  return `${name} ${version}\n${license ?? 'licence not stated'}\n${licenceText(path)}`;
});
writeFileSync(join(ROOT, 'dist', 'licenses.txt'), [...new Set(entries)].sort().join(SEPARATOR));
