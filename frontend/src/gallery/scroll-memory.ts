/** Keeping the place in the list: in the address, so that "back" and "reload" lead there. */
import type { Grid } from "./grid.ts";
import { firstInSight, type Spot, spotOf, withPlace } from "./scroll-position.ts";

const REST = 150;

export class ScrollMemory {
  #timer = 0;
  #before: { spot: Spot; height: number } | null = null;

  constructor(readonly grid: Grid) {
    history.scrollRestoration = "manual";
    window.addEventListener("scroll", () => this.#later(), { passive: true });
    window.addEventListener("pagehide", () => this.#note());
    // Leaving by a link: the address has to be right before the page goes.
    grid.root.addEventListener("click", () => this.#note(), { capture: true });
  }

  /** Scroll to where one was, once the cards around it are there. */
  comeBack(): void {
    const at = new URL(location.href).searchParams.get("at");
    const card = at ? this.grid.card(at) : null;
    if (!card) return;
    const offset = spotOf(history.state)?.offset ?? innerHeight / 3;
    window.scrollTo(0, card.getBoundingClientRect().top + scrollY - offset);
  }

  /** Cards come before those in sight: remember where these are. */
  before(target: EventTarget | null): void {
    const above = (target as Element | null)?.closest?.(".more-before");
    const spot = above ? firstInSight(this.grid.boxes(), 0) : null;
    this.#before = spot ? { spot, height: document.documentElement.scrollHeight } : null;
  }

  /** Put them back where they were; a browser that anchors by itself has done so already. */
  after(_target: EventTarget | null): void {
    const before = this.#before;
    this.#before = null;
    const card = before ? this.grid.card(before.spot.id) : null;
    if (!before || !card) return;
    const moved = card.getBoundingClientRect().top - before.spot.offset;
    if (Math.abs(moved) > 1) window.scrollBy(0, moved);
  }

  #later(): void {
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#note(), REST);
  }

  #note(): void {
    window.clearTimeout(this.#timer);
    const atTop = scrollY < 80 && this.grid.atBeginning;
    const spot = atTop ? null : firstInSight(this.grid.boxes(), 0);
    const address = withPlace(location.href, spot?.id ?? null);
    if (address !== location.href || spot) history.replaceState(spot, "", address);
  }
}
