import { rulesAgainst } from '../series/expiration.ts';
import type { SeriesKeys } from '../series/keys.ts';
import type { CommandPorts } from './ports.ts';

/**
 * Warns of lifecycle rules of the bucket that would delete what is kept here: S3 knows nothing of versions, and would
 * take objects from under them. One request; where it is denied, nothing is said.
 *
 * @param tags of the series' objects
 */
export async function warnOfExpiration(
  keys: SeriesKeys,
  tags: Readonly<Record<string, string>>,
  { store, log }: Pick<CommandPorts, 'store' | 'log'>,
): Promise<void> {
  const rules = await store.expirationRules();
  if (rules === undefined) log.debug('The lifecycle rules of the bucket could not be read');
  for (const { id, prefix, when } of rulesAgainst(rules ?? [], keys, tags)) {
    log.warn({
      kind: 'lifecycle-rule-expires-backups',
      message:
        'A lifecycle rule of the bucket deletes objects of this series, which destroys versions: narrow or remove it, and let the retention rules of this action decide.',
      subject: `rule ${id || 'without a name'} expires what is below ${JSON.stringify(prefix)} ${when}`,
    });
  }
}
