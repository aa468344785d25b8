/** The hints on the photo: their history, the chosen ones, and what a gesture is making of them. */
import type { Size } from "../core/geometry.ts";
import type { Action } from "../core/gestures.ts";
import {
  type Controls,
  type Excess,
  type Hint,
  type HintLimits,
  HintSet,
  merge,
  type Region,
} from "../core/hints.ts";
import { History } from "../core/history.ts";
import { moved, type PaintContext, Painter } from "../core/painting.ts";
import { withRegion } from "../core/regions.ts";
import type { StoredHistory } from "./history-store.ts";

export interface HintEditorHooks {
  /** The hints are others now: send them. */
  edited(hints: HintSet): void;
  /** There would be too much of something. */
  refused(reason: Excess): void;
  /** A step was made or taken back: to be remembered. */
  stepped(history: StoredHistory): void;
  changed(): void;
}

const NONE: ReadonlySet<number> = new Set();

export class HintEditor {
  /** What is shown: the history's present, or what a gesture makes of it. */
  hints = HintSet.empty;
  /** The chosen hints; of several, the one chosen last is `selected`. */
  selection = NONE;
  selected = -1;
  hovered = -1;
  #history = new History();
  #painter = new Painter();
  #opened = false;

  constructor(
    readonly photo: Size,
    readonly limits: HintLimits,
    readonly hooks: HintEditorHooks,
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

  get chosenHints(): readonly Hint[] {
    return this.hints.hints.filter((_, index) => this.selection.has(index));
  }

  /** Hints from the server or the draft: no step of ours. */
  adopt(hints: HintSet): void {
    if (this.#opened && !this.hints.equals(this.#history.present)) {
      // A gesture is under way: it goes on upon what is new.
      const base = merge(this.hints, this.#history.present, hints);
      this.#history = this.#history.adopt(base);
      this.#painter.rebase(base);
    } else this.#history = this.#history.adopt(hints);
    this.#opened = true;
    this.#show(hints);
  }

  /** Steps of an earlier visit come before those of this one. */
  restore({ past, future }: StoredHistory): void {
    const { present, past: made, future: undone } = this.#history;
    const begun = made.length > 0 || undone.length > 0;
    this.#history = new History(present, [...past, ...made], begun ? undone : future);
    if (begun) this.hooks.stepped(this.#history);
    this.hooks.changed();
  }

  /** The server has what we have: nothing was before it. */
  open(): void {
    this.#opened = true;
  }

  act(action: Action, context: PaintContext): void {
    if (action.type === "select") {
      // A click on one of several chosen hints may begin a drag of all.
      if (!action.more && this.selection.has(action.index)) return;
      return action.more ? this.toggle(action.index) : this.select(action.index);
    }
    const change = this.#painter.apply(action, this.hints, context);
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

  /** One finished step; `amend` makes it part of the last one. */
  commit(hints: HintSet, amend = false): void {
    const excess = hints.excess(this.limits);
    if (excess) this.hooks.refused(excess);
    else this.#history = amend ? this.#history.amend(hints) : this.#history.push(hints);
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
    this.selection = this.selected < 0 ? NONE : new Set([this.selected]);
    this.hooks.changed();
  }

  /** Add a hint to those chosen, or take it off. */
  toggle(index: number): void {
    if (!this.hints.hints[index]) return;
    const selection = new Set(this.selection);
    if (!selection.delete(index)) selection.add(index);
    this.#choose(selection, selection.has(index) ? index : undefined);
  }

  selectAll(): void {
    this.#choose(new Set(this.hints.hints.keys()));
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

  removeChosen(): void {
    if (this.selection.size === 1) return this.remove(this.selected);
    const gone = [...this.selection];
    this.select(-1);
    this.commit(this.hints.remove(...gone));
  }

  /** @param dx, dy relative to the photo. */
  nudge(dx: number, dy: number): void {
    if (this.selection.size > 0) this.commit(moved(this.hints, this.selection, dx, dy));
  }

  /** Give a hint another colour, whether it is chosen or not; `amend` as in `commit`. */
  recolor(index: number, color: string, amend = false): void {
    const hint = this.hints.hints[index];
    if (hint) this.commit(this.hints.replace(index, { ...hint, color }), amend);
  }

  /** Change the chosen hints' colour or size; `done` ends a drag of the control. */
  restyle(style: { color?: string; radius?: number }, done: boolean): void {
    if (this.selection.size === 0) return;
    const hints = this.hints.hints.map((hint, index) =>
      this.selection.has(index) ? { ...hint, ...style } : hint,
    );
    this.#finish(this.hints.withHints(hints), done);
  }

  /** Move a control of the whole photo; `done` ends a drag of it. */
  control(change: Partial<Controls>, done: boolean): void {
    this.#finish(this.hints.control(change), done);
  }

  /** Take the colours of these photos. */
  refer(references: readonly string[]): void {
    this.commit(this.hints.control({ references }));
  }

  addRegion(region: Region): void {
    this.commit(withRegion(this.hints, region));
  }

  /** Put hints on the photo, and choose them. */
  paste(hints: readonly Hint[]): void {
    const first = this.hints.size;
    this.commit(this.hints.add(...hints));
    const added = this.hints.size - first;
    this.#choose(new Set(Array.from({ length: added }, (_, at) => first + at)));
  }

  #finish(hints: HintSet, done: boolean): void {
    if (done) this.commit(hints);
    else this.preview(hints);
  }

  #choose(selection: ReadonlySet<number>, selected = [...selection].at(-1) ?? -1): void {
    this.selection = selection;
    this.selected = selected;
    this.hooks.changed();
  }

  #settle(): void {
    this.#show(this.#history.present);
    this.hooks.edited(this.hints);
    this.hooks.stepped(this.#history);
  }

  #show(hints: HintSet): void {
    this.hints = hints;
    const there = [...this.selection].filter((index) => index < hints.size);
    if (there.length < this.selection.size) this.selection = new Set(there);
    if (this.selected >= hints.size) this.selected = there.at(-1) ?? -1;
    if (this.hovered >= hints.size) this.hovered = -1;
    this.hooks.changed();
  }
}
