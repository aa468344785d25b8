/** Which photos are chosen: a value, changed by making another. */
export class Selection {
  static readonly none = new Selection();

  /** @param anchor where a range begins: what was chosen last by itself. */
  private constructor(
    readonly ids: ReadonlySet<string> = new Set(),
    readonly anchor: string | null = null,
  ) {}

  static of(ids: Iterable<string>): Selection {
    return new Selection(new Set(ids));
  }

  get size(): number {
    return this.ids.size;
  }

  has(id: string): boolean {
    return this.ids.has(id);
  }

  toggle(id: string): Selection {
    const ids = new Set(this.ids);
    if (!ids.delete(id)) ids.add(id);
    return new Selection(ids, id);
  }

  /** Add all between the anchor and a photo, both included, in the order they are shown. */
  extend(id: string, order: readonly string[]): Selection {
    const to = order.indexOf(id);
    const from = this.anchor === null ? -1 : order.indexOf(this.anchor);
    if (to < 0) return this;
    if (from < 0) return new Selection(new Set([...this.ids, id]), id);
    const between = order.slice(Math.min(from, to), Math.max(from, to) + 1);
    return new Selection(new Set([...this.ids, ...between]), this.anchor);
  }

  all(order: readonly string[]): Selection {
    return new Selection(new Set([...this.ids, ...order]), this.anchor);
  }

  without(gone: Iterable<string>): Selection {
    const ids = new Set(this.ids);
    for (const id of gone) ids.delete(id);
    return ids.size === this.ids.size ? this : new Selection(ids, this.anchor);
  }
}
