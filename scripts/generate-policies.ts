/**
 * Writes the minimal IAM policies into the README, from the table of permissions the code itself works with.
 *
 *   node scripts/generate-policies.ts           write
 *   node scripts/generate-policies.ts --check   write nothing; exit 1 if a policy is not what the code says
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { backupFeatures, type Feature, pinFeatures, READ_FEATURES } from '../src/aws/iam-actions.ts';
import { type PolicyDocument, policyDocument } from '../src/aws/session-policy.ts';
import { replaceBetween } from './markers.ts';

/** The bucket and the series of the README's examples. */
const TARGET = { partition: 'aws', bucket: 'acme-backups', prefix: 'backups', series: 'widgets' };

const BACKUP = backupFeatures({ tags: true, prune: false, pruneNoncurrent: false, kms: false });
const PRUNE = backupFeatures({ tags: true, prune: true, pruneNoncurrent: false, kms: false });
const PRUNE_NONCURRENT = backupFeatures({ tags: true, prune: true, pruneNoncurrent: true, kms: false });
const LOCK = backupFeatures({ tags: true, prune: false, pruneNoncurrent: false, lock: 'held', kms: false });
const ALL = backupFeatures({ tags: true, prune: true, pruneNoncurrent: true, kms: true });

/** What each policy allows by the name between the README's markers: those of a backup beyond the ones before them. */
const FEATURES: Readonly<Record<string, readonly Feature[]>> = {
  backup: BACKUP,
  'keep-last': without(PRUNE, BACKUP),
  'prune-noncurrent': without(PRUNE_NONCURRENT, PRUNE),
  'object-lock': without(LOCK, BACKUP),
  kms: without(ALL, PRUNE_NONCURRENT),
  // Of roles of their own: each is enough by itself.
  read: READ_FEATURES,
  pin: [...pinFeatures('pin'), ...pinFeatures('unpin')],
};

/** A policy for each part of the work; a role that has several of them may do all their parts. */
export const POLICIES: ReadonlyMap<string, PolicyDocument> = new Map(
  Object.entries(FEATURES).map(([name, features]) => [name, policyDocument(TARGET, features)]),
);

function without(features: readonly Feature[], others: readonly Feature[]): Feature[] {
  return features.filter((feature) => !others.includes(feature));
}

/**
 * A README with its policies made anew, each between `<!-- policy-<name>:begin -->` and `<!-- policy-<name>:end -->`.
 * @throws Error where a marker is missing
 */
export function withPolicies(readme: string): string {
  return [...POLICIES].reduce(
    (text, [name, policy]) => replaceBetween(text, `policy-${name}`, `\`\`\`json\n${format(policy)}\n\`\`\``),
    readme,
  );
}

/** Indented, with lists of actions and conditions on one line. */
function format(policy: PolicyDocument): string {
  return JSON.stringify(policy, undefined, 2)
    .replaceAll(/\[\s+"[^[\]]*"\s+\]/g, onOneLine)
    .replaceAll(/(?<="Condition": )\{\s+"\w+": \{[^{}]*\}\s+\}/g, onOneLine);
}

function onOneLine(json: string): string {
  return json.replaceAll(/\s+/g, ' ').replaceAll('[ ', '[').replaceAll(' ]', ']');
}

/**
 * Makes the policies of the README in a folder.
 * @returns whether it was out of date
 */
export async function generate(folder: string, options: { readonly write: boolean }): Promise<boolean> {
  const path = join(folder, 'README.md');
  const readme = await readFile(path, 'utf8');
  const fresh = withPolicies(readme);
  const isStale = fresh !== readme;
  if (isStale && options.write) await writeFile(path, fresh);
  return isStale;
}

async function main(write: boolean): Promise<void> {
  const isStale = await generate(join(import.meta.dirname, '..'), { write });
  if (isStale && !write) {
    console.error('The IAM policies in README.md are not what the code says: run node scripts/generate-policies.ts');
    process.exitCode = 1;
  }
}

if (import.meta.main) await main(!process.argv.includes('--check'));
