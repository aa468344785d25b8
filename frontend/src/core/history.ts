import { HintSet, merge } from "./hints.ts";

/** One finished change of one's own: what it found, and what it made of it. */
export interface Step {
  readonly before: HintSet;
  readonly after: HintSet;
}

/** Steps that are remembered. */
export const MAX_STEPS = 200;

/**
 * Undo history of a hint set: pure and immutable.
 *
 * It knows one's own steps only. What another window or person does changes the present without a
 * step, and undoing takes back what the step did and nothing else.
 */
export class History {
  constructor(
    readonly present: HintSet = HintSet.empty,
    readonly past: readonly Step[] = [],
    readonly future: readonly Step[] = [],
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
    const past = [...this.past, { before: this.present, after: next }].slice(-MAX_STEPS);
    return new History(next, past, []);
  }

  /** A change that belongs to the last step, and is undone with it. */
  amend(next: HintSet): History {
    const last = this.past.at(-1);
    if (!last?.after.equals(this.present)) return this.push(next);
    const past = [...this.past.slice(0, -1), { before: last.before, after: next }];
    return new History(next, past, this.future);
  }

  /** The hints were changed elsewhere. */
  adopt(present: HintSet): History {
    return new History(present, this.past, this.future);
  }

  undo(): History {
    const step = this.past.at(-1);
    if (!step) return this;
    const present = merge(step.after, step.before, this.present);
    return new History(present, this.past.slice(0, -1), [step, ...this.future]);
  }

  redo(): History {
    const [step, ...rest] = this.future;
    if (!step) return this;
    const present = merge(step.before, step.after, this.present);
    return new History(present, [...this.past, step], rest);
  }
}
