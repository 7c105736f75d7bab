/**
 * Writes the licences of everything that is in the bundle to `dist/licenses.txt`.
 *
 * ncc's own list misses packages whose modules it joins together, so this one is made from the statistics it writes: the
 * packages of all modules, with version and licence as the lock file has them.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A module in the statistics of webpack; one that is joined of several has those inside. */
interface BundledModule {
  /** Path of the file; absent for what webpack makes itself. */
  readonly nameForCondition?: string;
  readonly modules?: readonly BundledModule[];
}

interface LockedPackage {
  readonly version?: string;
  readonly license?: string;
}

const ROOT = join(import.meta.dirname, '..');
const SEPARATOR = `\n${'-'.repeat(80)}\n\n`;

/** The path of a package, relative to the project, out of that of one of its files; also on Windows. */
const PACKAGE =
  /(?:node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+[\\/])*node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+(?=[\\/])/;

function bundledPackages(): string[] {
  const stats: BundledModule = JSON.parse(readFileSync(join(ROOT, 'lib', 'stats.json'), 'utf8'));
  const paths = filesOf(stats).flatMap((file) => PACKAGE.exec(file)?.[0].replaceAll('\\', '/') ?? []);
  return [...new Set(paths)].sort();
}

function filesOf({ nameForCondition, modules = [] }: BundledModule): string[] {
  return [...(nameForCondition ? [nameForCondition] : []), ...modules.flatMap(filesOf)];
}

function licenceText(path: string): string {
  const folder = join(ROOT, path);
  const [file] = readdirSync(folder)
    .filter((name) => /^(licen[cs]e|copying)/i.test(name))
    .sort();
  return file === undefined ? '' : `\n${readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim()}\n`;
}

const { packages }: { packages: Record<string, LockedPackage> } = JSON.parse(
  readFileSync(join(ROOT, 'package-lock.json'), 'utf8'),
);
const entries = bundledPackages().map((path) => {
  const { version, license } = packages[path] ?? {};
  const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
  return `${name} ${version}\n${license ?? 'licence not stated'}\n${licenceText(path)}`;
});
writeFileSync(join(ROOT, 'dist', 'licenses.txt'), [...new Set(entries)].sort().join(SEPARATOR));
