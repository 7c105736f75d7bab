import type { SeriesKeys } from '../../series/keys.ts';
import { exists } from '../../store/exists.ts';
import type { Damage } from '../../verification/types.ts';
import type { ItemList } from '../list/item-list.ts';
import type { CommandPorts } from '../ports.ts';

/** What a verification finds and counts. */
export class Findings {
  /** Objects that were looked at as deep as the level goes. */
  readonly checked = { objects: 0, bytes: 0 };
  notComparable = 0;
  readonly #damaged: ItemList<Damage>;
  readonly #keys: SeriesKeys;
  readonly #ports: Pick<CommandPorts, 'store' | 'log'>;
  readonly #hurt = new Set<string>();
  readonly #isThere = new Map<string, boolean>();

  constructor(damaged: ItemList<Damage>, keys: SeriesKeys, ports: Pick<CommandPorts, 'store' | 'log'>) {
    this.#damaged = damaged;
    this.#keys = keys;
    this.#ports = ports;
  }

  /** A version that a prune has taken away meanwhile has no damage: its record went first, and its data after that. */
  async addDamage({ versions, ...damage }: Damage): Promise<void> {
    const left: string[] = [];
    for (const id of versions) if (await this.#isStillThere(id)) left.push(id);
    if (left.length === 0) return;
    await this.#damaged.add({ ...damage, versions: left });
    for (const id of left) this.#hurt.add(id);
  }

  stateOf(id: string): 'intact' | 'damaged' | 'pruned' {
    if (this.#hurt.has(id)) return 'damaged';
    return this.#isThere.get(id) === false ? 'pruned' : 'intact';
  }

  addExtra(subject: string): void {
    this.#ports.log.warn({
      kind: 'extra-object',
      message:
        'Objects lie among the data of a version that none of its entries refers to: no version is hurt, but something else writes there.',
      subject,
    });
  }

  /** Asked once for each version: what was missing while the record was there, was missing. */
  async #isStillThere(id: string): Promise<boolean> {
    const known = this.#isThere.get(id);
    if (known !== undefined) return known;
    const found = await exists(this.#ports.store, this.#keys.record(id));
    this.#isThere.set(id, found);
    if (!found) {
      this.#ports.log.warn({
        kind: 'version-pruned-meanwhile',
        message: 'Versions were removed while they were verified, so nothing is said of them.',
        subject: id,
      });
    }
    return found;
  }
}
