/** The hints on the photo: their history, the chosen one, and what a gesture is making of them. */
import type { Size } from "../engine/geometry.ts";
import type { Action } from "../engine/gestures.ts";
import { type Hint, type HintLimits, HintSet, merge, shifted } from "../engine/hints.ts";
import { History } from "../engine/history.ts";
import { type Desk, Painter } from "../engine/painting.ts";

export interface HintingHooks {
  /** The hints are others now: send them. */
  edited(hints: HintSet): void;
  refused(reason: "hints" | "points"): void;
  changed(): void;
}

export class Hinting {
  /** What is shown: the history's present, or what a gesture makes of it. */
  hints = HintSet.empty;
  selected = -1;
  hovered = -1;
  #history = new History();
  #painter = new Painter();
  #opened = false;

  constructor(
    readonly photo: Size,
    readonly limits: HintLimits,
    readonly hooks: HintingHooks,
  ) {}

  get canUndo(): boolean {
    return this.#history.canUndo;
  }

  get canRedo(): boolean {
    return this.#history.canRedo;
  }

  get chosen(): Hint | null {
    return this.hints.hints[this.selected] ?? null;
  }

  /** Hints from the server or the draft: where history begins, later one step of it. */
  adopt(hints: HintSet): void {
    if (this.#opened && !this.hints.equals(this.#history.present)) {
      // A gesture is under way: it goes on upon the new ground.
      const ground = merge(this.hints, this.#history.present, hints);
      this.#history = this.#history.push(ground);
      this.#painter.rebase(ground);
    } else {
      this.#history = this.#opened ? this.#history.push(hints) : new History(hints);
    }
    this.#opened = true;
    this.#show(hints);
  }

  /** The server has what we have: nothing was before it. */
  open(): void {
    this.#opened = true;
  }

  act(action: Action, desk: Desk): void {
    if (action.type === "select") return this.select(action.index);
    const change = this.#painter.apply(action, this.hints, desk);
    if (!change) return;
    if (change.done) this.commit(change.hints);
    else this.preview(change.hints);
  }

  /** Show and send, without a step of the history. */
  preview(hints: HintSet): void {
    if (hints.excess(this.limits)) return;
    this.#show(hints);
    this.hooks.edited(hints);
  }

  /** One finished step. */
  commit(hints: HintSet): void {
    const excess = hints.excess(this.limits);
    if (excess) this.hooks.refused(excess);
    else this.#history = this.#history.push(hints);
    this.#settle();
  }

  undo(): void {
    this.#history = this.#history.undo();
    this.#settle();
  }

  redo(): void {
    this.#history = this.#history.redo();
    this.#settle();
  }

  select(index: number): void {
    this.selected = index < this.hints.size ? index : -1;
    this.hooks.changed();
  }

  hover(index: number): void {
    if (index === this.hovered) return;
    this.hovered = index;
    this.hooks.changed();
  }

  remove(index: number): void {
    if (!this.hints.hints[index]) return;
    const { selected } = this;
    this.commit(this.hints.remove(index));
    if (selected > index) this.select(selected - 1);
    else if (selected === index) this.select(Math.min(index, this.hints.size - 1));
  }

  /** @param dx, dy relative to the photo. */
  nudge(dx: number, dy: number): void {
    if (this.chosen) this.commit(this.hints.replace(this.selected, shifted(this.chosen, dx, dy)));
  }

  /** Give a hint another colour, whether it is chosen or not. */
  recolor(index: number, color: string): void {
    const hint = this.hints.hints[index];
    if (hint) this.commit(this.hints.replace(index, { ...hint, color }));
  }

  /** Change the chosen hint's colour or size; `done` ends a drag of the control. */
  restyle(style: { color?: string; radius?: number }, done: boolean): void {
    if (!this.chosen) return;
    const hints = this.hints.replace(this.selected, { ...this.chosen, ...style });
    if (done) this.commit(hints);
    else this.preview(hints);
  }

  #settle(): void {
    this.#show(this.#history.present);
    this.hooks.edited(this.hints);
  }

  #show(hints: HintSet): void {
    this.hints = hints;
    if (this.selected >= hints.size) this.selected = -1;
    if (this.hovered >= hints.size) this.hovered = -1;
    this.hooks.changed();
  }
}
