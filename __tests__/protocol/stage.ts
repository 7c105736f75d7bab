/** What may go wrong with one request, beside nothing. */
export type Fault =
  /** 409: nobody won yet, and nothing happened. */
  | 'conflict'
  /** The reply is lost and the request is sent again below the seam: it may meet its own effect. */
  | 'repeated'
  /** Nothing happened, and the caller is told of a broken connection. */
  | 'request-lost'
  /** The effect is there, and the caller is told of a broken connection. */
  | 'reply-lost'
  /** The process is gone, with what it had under way. */
  | 'killed';

/** A request that waits for its turn. */
export interface Pending {
  readonly label: string;
  /** Faults that make sense for it. */
  readonly faults: readonly Exclude<Fault, 'killed'>[];
  /** Makes it happen. @returns what came of it, as far as its caller can tell */
  perform(fault: Exclude<Fault, 'killed'> | undefined): Promise<string>;
}

/** What can happen next. */
export interface Move {
  readonly actor: number;
  readonly pending: Pending;
  readonly fault?: Fault;
}

export type Actor = (enqueue: (pending: Pending) => void) => Promise<void>;

interface Player {
  readonly pending: Pending[];
  /** All that it was told so far: what it does next depends on nothing else. */
  history: number;
  state: 'running' | 'done' | 'killed';
}

/** Numbers for texts, so that a long history is one number. */
const numbers = new Map<string, number>();

export function numberOf(text: string): number {
  const known = numbers.get(text);
  if (known !== undefined) return known;
  numbers.set(text, numbers.size + 1);
  return numbers.size;
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export interface Limits {
  /** Faults in one run. */
  readonly faults: number;
  /** Actors killed in one run. */
  readonly kills: number;
  /** Whether what an actor asks for at once happens in any order, or in the order in which it asks. */
  readonly ownOrder: 'any' | 'asked';
}

/** Actors whose requests happen one at a time, in an order that is given from outside. */
export class Stage {
  readonly #players: Player[] = [];
  readonly trace: string[] = [];
  faults = 0;
  kills = 0;

  constructor(actors: readonly Actor[]) {
    for (const actor of actors) this.#enter(actor);
  }

  #enter(actor: Actor): void {
    const player: Player = { pending: [], history: 0, state: 'running' };
    this.#players.push(player);
    void actor((pending) => player.pending.push(pending)).then(() => {
      player.state = 'done';
    });
  }

  /** The requests that wait, in a fixed order; the faults, as far as there may be more of them, after all of them. */
  moves(limits: Limits): Move[] {
    const plain: Move[] = [];
    const faulty: Move[] = [];
    for (const [actor, player] of this.#players.entries()) {
      if (player.state !== 'running') continue;
      for (const pending of limits.ownOrder === 'any' ? player.pending : player.pending.slice(0, 1)) {
        plain.push({ actor, pending });
        if (this.faults < limits.faults) faulty.push(...pending.faults.map((fault) => ({ actor, pending, fault })));
      }
      const [first] = player.pending;
      if (first !== undefined && this.kills < limits.kills) faulty.push({ actor, pending: first, fault: 'killed' });
    }
    return [...plain, ...faulty];
  }

  async proceed({ actor, pending, fault }: Move): Promise<void> {
    const player = this.#players[actor];
    if (player === undefined) throw new Error(`There is no actor ${actor}`);
    this.trace.push(`${actor}: ${pending.label}${fault === undefined ? '' : ` (${fault})`}`);
    if (fault === 'killed') {
      this.kills += 1;
      player.state = 'killed';
      player.pending.length = 0;
      return;
    }
    if (fault !== undefined) this.faults += 1;
    player.pending.splice(player.pending.indexOf(pending), 1);
    const reply = await pending.perform(fault);
    player.history = numberOf(`${player.history} ${pending.label} ${fault ?? ''} ${reply}`);
    await this.settle();
  }

  /** Everybody waits for the store, or is done. */
  async settle(): Promise<void> {
    do await nextTurn();
    while (this.#players.some(({ state, pending }) => state === 'running' && pending.length === 0));
  }

  /** The same text only where everything will go on in the same way, the world being the same. */
  key(): string {
    const players = this.#players.map(({ history, state }) => (state === 'running' ? history : state));
    return [...players, this.faults, this.kills].join(' ');
  }
}
