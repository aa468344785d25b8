/** Tells listeners once a turn that something changed. */
export class Changes {
  #listeners = new Set<() => void>();
  #queued = false;

  /** @returns what to call to listen no more. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  readonly tell = (): void => {
    if (this.#queued) return;
    this.#queued = true;
    queueMicrotask(() => {
      this.#queued = false;
      for (const listener of this.#listeners) listener();
    });
  };
}
