/** The gallery by keyboard: arrows move, X chooses, S stars, Delete puts into the trash. */

import type { Actions } from "./actions.ts";
import type { Grid } from "./grid.ts";
import type { SelectionControl } from "./selection-control.ts";

const MOVES = new Set(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"]);

export function followKeys(
  root: HTMLElement,
  grid: Grid,
  selecting: SelectionControl,
  actions: Actions,
): void {
  document.addEventListener("keydown", (event) => {
    const target = event.target as Element;
    const typing = target.closest("input, select, textarea, dialog, [popover]") !== null;
    if (typing || event.altKey || event.defaultPrevented) return;
    const card = target.closest<HTMLElement>(".card");
    if (
      pageKey(event, root, selecting) ||
      (card && cardKey(event, card, grid, selecting, actions))
    ) {
      event.preventDefault();
    }
  });
}

/** @returns whether the key was meant for the page. */
function pageKey(event: KeyboardEvent, root: HTMLElement, selecting: SelectionControl): boolean {
  if (event.key === "Escape" && selecting.selection.size > 0) {
    selecting.clear();
    return true;
  }
  if (event.key === "/" && !event.ctrlKey) {
    root.querySelector<HTMLInputElement>("#gallery-q")?.focus();
    return true;
  }
  if (event.key.toLowerCase() === "a" && (event.ctrlKey || event.metaKey)) {
    selecting.all();
    return true;
  }
  return false;
}

/** @returns whether the key was meant for the card. */
function cardKey(
  event: KeyboardEvent,
  card: HTMLElement,
  grid: Grid,
  selecting: SelectionControl,
  actions: Actions,
): boolean {
  if (event.ctrlKey || event.metaKey) return false;
  const id = card.dataset.photo ?? "";
  const chosen = selecting.selection.size > 0 ? selecting.ids : [id];
  const onLink = (event.target as Element).matches(".photo-card");
  if (MOVES.has(event.key)) {
    const next = grid.beside(card, event.key);
    next?.querySelector<HTMLElement>(".photo-card")?.focus();
    const to = next?.dataset.photo;
    if (event.shiftKey && to) {
      if (selecting.selection.size === 0) selecting.toggle(id);
      selecting.extend(to);
    }
    return true;
  }
  const key = event.key.toLowerCase();
  if (key === "x" || (key === " " && onLink)) selecting.toggle(id);
  else if (grid.facts.trash === "true") return false;
  else if (key === "s") void actions.star(chosen);
  else if (key === "delete") void actions.trash(chosen);
  else return false;
  return true;
}
