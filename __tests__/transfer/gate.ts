/** Lets everything that can go on without the outside world go on. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

interface Held<T> {
  readonly item: T;
  readonly release: () => void;
  readonly fail: (error: Error) => void;
}

/** Work that goes on until a test ends it, in the order the test likes. */
export class Gate<T> {
  /** In the order of their beginning. */
  readonly begun: T[] = [];
  readonly held: Held<T>[] = [];

  readonly work = (item: T): Promise<T> => {
    this.begun.push(item);
    return new Promise((resolve, reject) => {
      this.held.push({ item, release: () => resolve(item), fail: reject });
    });
  };

  /** Ends one, by any number. */
  take(choice: number): Held<T> | undefined {
    return this.held.splice(choice % this.held.length, 1)[0];
  }

  /** Ends all, also those that begin thereby; `choices` say in which order. */
  async drain(choices: readonly number[] = [], look: () => void = () => {}): Promise<void> {
    for (let turn = 0; this.held.length > 0; turn++) {
      this.take(choices[turn] ?? 0)?.release();
      await settled();
      look();
    }
  }
}
