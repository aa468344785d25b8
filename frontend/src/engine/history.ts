import { HintSet } from "./hints.ts";

/** Undo history of a hint set: pure, immutable, ends where it began. */
export class History {
  constructor(
    readonly present: HintSet = HintSet.empty,
    readonly past: readonly HintSet[] = [],
    readonly future: readonly HintSet[] = [],
  ) {}

  get canUndo(): boolean {
    return this.past.length > 0;
  }

  get canRedo(): boolean {
    return this.future.length > 0;
  }

  /** One finished change, one step back. */
  push(next: HintSet): History {
    if (next.equals(this.present)) return this;
    return new History(next, [...this.past, this.present], []);
  }

  undo(): History {
    const last = this.past.at(-1);
    if (!last) return this;
    return new History(last, this.past.slice(0, -1), [this.present, ...this.future]);
  }

  redo(): History {
    const [next, ...rest] = this.future;
    if (!next) return this;
    return new History(next, [...this.past, this.present], rest);
  }
}
