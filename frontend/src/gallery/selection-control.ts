/** SelectionControl photos: by mouse and shift, by keyboard, and by a finger that rests on one. */
import type { Grid } from "./grid.ts";
import { Selection } from "./selection.ts";

const LONG_PRESS = 450;
/** A finger that has moved further than this scrolls, in CSS pixels. */
const STILL = 10;

export class SelectionControl {
  selection = Selection.none;
  /** Photos that were chosen by their search. */
  #beyond = new Set<string>();
  #press = 0;
  #pressed: { x: number; y: number } | null = null;
  /** The click that follows a long press is not meant. */
  #swallow = false;

  constructor(
    readonly root: HTMLElement,
    readonly grid: Grid,
    readonly changed: () => void,
  ) {
    // Before the link is followed.
    root.addEventListener("click", (event) => this.#click(event), { capture: true });
    root.addEventListener("pointerdown", (event) => this.#down(event));
    root.addEventListener("pointermove", (event) => this.#move(event));
    for (const end of ["pointerup", "pointercancel", "scroll"]) {
      root.addEventListener(end, () => this.#lift(), { passive: true });
    }
    root.addEventListener("contextmenu", (event) => this.#swallow && event.preventDefault());
  }

  /** Whether photos are chosen whose cards are not on the page. */
  get reachesBeyond(): boolean {
    return [...this.#beyond].some((id) => this.selection.has(id) && !this.grid.card(id));
  }

  /** What is chosen, in the order of the cards; then what is chosen beyond them. */
  get ids(): string[] {
    const shown = this.grid.order.filter((id) => this.selection.has(id));
    const known = new Set(shown);
    return [...shown, ...[...this.selection.ids].filter((id) => !known.has(id))];
  }

  set(selection: Selection): void {
    const before = this.selection;
    this.selection = selection;
    for (const id of before.ids) if (!selection.has(id)) this.grid.mark(id, false);
    for (const id of selection.ids) this.grid.mark(id, true);
    this.changed();
  }

  toggle(id: string): void {
    this.set(this.selection.toggle(id));
  }

  extend(id: string): void {
    this.set(this.selection.extend(id, this.grid.order));
  }

  all(): void {
    this.set(this.selection.all(this.grid.order));
  }

  /** Choose all photos of a search, whose cards need not be on the page. */
  everything(ids: readonly string[]): void {
    this.#beyond = new Set(ids);
    this.set(this.selection.all(ids));
  }

  clear(): void {
    this.set(Selection.none);
  }

  forget(ids: Iterable<string>): void {
    this.set(this.selection.without(ids));
  }

  /**
   * Cards were drawn anew: show again which are chosen.
   *
   * @param another whether it is another list now, so that what lay beyond the old one's cards is
   *   out of sight for good.
   */
  show(another = false): void {
    if (another) this.#beyond.clear();
    const there = new Set([...this.grid.order, ...this.#beyond]);
    this.set(this.selection.without([...this.selection.ids].filter((id) => !there.has(id))));
  }

  #click(event: MouseEvent): void {
    const target = event.target as Element;
    const card = target.closest<HTMLElement>(".card");
    const id = card?.dataset.photo;
    if (!id || target.closest(".card-star")) return;
    if (this.#swallow) {
      this.#swallow = false;
      return stop(event);
    }
    const check = target.closest(".card-check") !== null;
    // With Ctrl or the middle button, a link opens in another tab as it does everywhere.
    if (!check && (event.ctrlKey || event.metaKey)) return;
    const selecting = check || this.selection.size > 0 || this.grid.facts.trash === "true";
    if (event.shiftKey && selecting) this.extend(id);
    else if (selecting) this.toggle(id);
    else return;
    stop(event);
  }

  #down(event: PointerEvent): void {
    this.#swallow = false;
    if (event.pointerType === "mouse" || !event.isPrimary) return;
    const id = (event.target as Element).closest<HTMLElement>(".card")?.dataset.photo;
    if (!id) return;
    this.#pressed = { x: event.clientX, y: event.clientY };
    this.#press = window.setTimeout(() => {
      this.#swallow = true;
      this.toggle(id);
      navigator.vibrate?.(10);
    }, LONG_PRESS);
  }

  #move(event: PointerEvent): void {
    if (!this.#pressed) return;
    const { x, y } = this.#pressed;
    if (Math.hypot(event.clientX - x, event.clientY - y) > STILL) this.#lift();
  }

  #lift(): void {
    window.clearTimeout(this.#press);
    this.#pressed = null;
  }
}

function stop(event: Event): void {
  event.preventDefault();
  event.stopPropagation();
}
