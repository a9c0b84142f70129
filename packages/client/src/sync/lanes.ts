/** One task at a time for each name; tasks of different names run side by side. */
export class Lanes {
  readonly #tails = new Map<string, Promise<void>>();

  run<T>(name: string, task: () => Promise<T>): Promise<T> {
    const turn = (this.#tails.get(name) ?? Promise.resolve()).then(task);
    const settled = turn.then(
      () => {},
      () => {},
    );
    this.#tails.set(name, settled);
    void settled.then(() => {
      if (this.#tails.get(name) === settled) this.#tails.delete(name);
    });
    return turn;
  }

  /** Resolves when everything that was begun so far has ended. */
  async idle(): Promise<void> {
    await Promise.all([...this.#tails.values()]);
  }
}
