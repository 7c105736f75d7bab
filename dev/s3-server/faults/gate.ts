/** Holds requests until a test lets them go: order without sleeping. */
export class Gate {
  private readonly opened = Promise.withResolvers<void>();
  private arrivals = 0;
  private watchers: { readonly count: number; readonly resolve: () => void }[] = [];

  /** Resolves when `count` requests have come to the gate. */
  arrived(count = 1): Promise<void> {
    if (this.arrivals >= count) return Promise.resolve();
    return new Promise((resolve) => this.watchers.push({ count, resolve }));
  }

  /** Lets the held requests and all later ones through. */
  release(): void {
    this.opened.resolve();
  }

  /** Used by the server: waits for the release. */
  pass(): Promise<void> {
    this.arrivals++;
    for (const { count, resolve } of this.watchers) if (this.arrivals >= count) resolve();
    this.watchers = this.watchers.filter(({ count }) => this.arrivals < count);
    return this.opened.promise;
  }
}
