/** Timers by name: a thing that is asked for often happens once, a little later. */

export class Pace {
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();

  /** Do ``act`` in ``ms``, unless something of this name is due already. */
  soon(name: string, ms: number, act: () => void): void {
    if (!this.timers.has(name)) {
      const timer = setTimeout(() => {
        this.timers.delete(name);
        act();
      }, ms);
      this.timers.set(name, timer);
    }
  }

  stop(): void {
    for (const timer of this.timers.values()) {
      clearTimeout(timer);
    }
    this.timers.clear();
  }
}
