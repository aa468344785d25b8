/** Where one was in a long list: the first photo in sight, and how far it lay below the top. */
export interface Spot {
  readonly id: string;
  /** Pixels from the top of the window to the top of the photo's card. */
  readonly offset: number;
}

export interface Box {
  readonly id: string;
  readonly top: number;
  readonly bottom: number;
}

/**
 * The first card whose middle is in sight.
 *
 * @param boxes in the order of the list, relative to the window.
 * @param top where the list begins to be seen, below what sticks there.
 */
export function firstInSight(boxes: Iterable<Box>, top: number): Spot | null {
  for (const box of boxes) {
    if ((box.top + box.bottom) / 2 >= top) return { id: box.id, offset: box.top };
  }
  return null;
}

/** The address with the place in it, or without one at the beginning of the list. */
export function withPlace(address: string, id: string | null): string {
  const url = new URL(address);
  if (id === null) url.searchParams.delete("at");
  else url.searchParams.set("at", id);
  return url.href;
}

export function spotOf(state: unknown): Spot | null {
  if (typeof state !== "object" || state === null) return null;
  const { id, offset } = state as Partial<Spot>;
  return typeof id === "string" && typeof offset === "number" ? { id, offset } : null;
}

/**
 * The card to go to from another by an arrow key.
 *
 * @param columns how many cards a row has.
 * @returns an index within the list; the same one at its edges.
 */
export function neighbour(index: number, key: string, columns: number, count: number): number {
  const steps: Record<string, number> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -columns,
    ArrowDown: columns,
    Home: -index,
    End: count - 1 - index,
  };
  const to = index + (steps[key] ?? 0);
  return to < 0 || to >= count ? index : to;
}
