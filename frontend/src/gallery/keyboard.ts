/** The gallery by keyboard: arrows move, X chooses, S stars, Delete puts into the trash. */
import type { Choosing } from "./choosing.ts";
import type { Deeds } from "./deeds.ts";
import type { Grid } from "./grid.ts";

const MOVES = new Set(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"]);

export function followKeys(root: HTMLElement, grid: Grid, choosing: Choosing, deeds: Deeds): void {
  document.addEventListener("keydown", (event) => {
    const target = event.target as Element;
    const typing = target.closest("input, select, textarea, dialog, [popover]") !== null;
    if (typing || event.altKey || event.defaultPrevented) return;
    const card = target.closest<HTMLElement>(".card");
    if (pageKey(event, root, choosing) || (card && cardKey(event, card, grid, choosing, deeds))) {
      event.preventDefault();
    }
  });
}

/** @returns whether the key was meant for the page. */
function pageKey(event: KeyboardEvent, root: HTMLElement, choosing: Choosing): boolean {
  if (event.key === "Escape" && choosing.selection.size > 0) {
    choosing.clear();
    return true;
  }
  if (event.key === "/" && !event.ctrlKey) {
    root.querySelector<HTMLInputElement>("#gallery-q")?.focus();
    return true;
  }
  if (event.key.toLowerCase() === "a" && (event.ctrlKey || event.metaKey)) {
    choosing.all();
    return true;
  }
  return false;
}

/** @returns whether the key was meant for the card. */
function cardKey(
  event: KeyboardEvent,
  card: HTMLElement,
  grid: Grid,
  choosing: Choosing,
  deeds: Deeds,
): boolean {
  if (event.ctrlKey || event.metaKey) return false;
  const id = card.dataset.photo ?? "";
  const chosen = choosing.selection.size > 0 ? choosing.ids : [id];
  const onLink = (event.target as Element).matches(".photo-card");
  if (MOVES.has(event.key)) {
    const next = grid.beside(card, event.key);
    next?.querySelector<HTMLElement>(".photo-card")?.focus();
    const to = next?.dataset.photo;
    if (event.shiftKey && to) {
      if (choosing.selection.size === 0) choosing.toggle(id);
      choosing.extend(to);
    }
    return true;
  }
  const key = event.key.toLowerCase();
  if (key === "x" || (key === " " && onLink)) choosing.toggle(id);
  else if (grid.facts.trash === "true") return false;
  else if (key === "s") void deeds.star(chosen);
  else if (key === "delete") void deeds.trash(chosen);
  else return false;
  return true;
}
