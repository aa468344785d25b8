/** The cards on the page: what order they stand in, which is where, and what they show. */
import { LatestOnly } from "../core/latest-only.ts";
import { htmx } from "../shared/ui/htmx.ts";
import { t } from "./messages.ts";
import { type Box, neighbour } from "./scroll-position.ts";

export class Grid {
  /** Who fetches which card, one answer at a time, so that the newest stays. */
  readonly #coming = new Map<string, LatestOnly<string, HTMLElement | null>>();

  constructor(
    readonly root: HTMLElement,
    readonly renewed: () => void,
  ) {}

  get list(): HTMLElement | null {
    return this.root.querySelector(".gallery-grid");
  }

  /** What the list around the cards says of itself: its order, its filters. */
  get facts(): DOMStringMap {
    return this.root.querySelector<HTMLElement>("#gallery-list")?.dataset ?? {};
  }

  get cards(): HTMLElement[] {
    return [...this.root.querySelectorAll<HTMLElement>(".card")];
  }

  get order(): string[] {
    return this.cards.map((card) => card.dataset.photo ?? "");
  }

  card(id: string): HTMLElement | null {
    return this.root.querySelector(`.card[data-photo="${CSS.escape(id)}"]`);
  }

  boxes(): Box[] {
    return this.cards.map((card) => {
      const { top, bottom } = card.getBoundingClientRect();
      return { id: card.dataset.photo ?? "", top, bottom };
    });
  }

  /** Whether the first photo of all is on the page, so that a newer one belongs before it. */
  get atBeginning(): boolean {
    return !this.root.querySelector(".more-before");
  }

  /** The card that an arrow key leads to. */
  beside(card: HTMLElement, key: string): HTMLElement | null {
    const cards = this.cards;
    const index = cards.indexOf(card);
    const first = cards[0]?.offsetTop ?? 0;
    const columns = cards.filter((one) => one.offsetTop === first).length || 1;
    return cards[neighbour(index, key, columns, cards.length)] ?? null;
  }

  mark(id: string, chosen: boolean): void {
    const card = this.card(id);
    card?.toggleAttribute("data-chosen", chosen);
    card?.querySelector(".card-check")?.setAttribute("aria-checked", String(chosen));
  }

  star(id: string, starred: boolean): void {
    this.card(id)?.querySelector(".card-star")?.setAttribute("aria-pressed", String(starred));
  }

  isStarred(id: string): boolean {
    return this.card(id)?.querySelector('.card-star[aria-pressed="true"]') != null;
  }

  remove(ids: Iterable<string>): void {
    const gone = [...ids];
    for (const id of gone) this.#coming.delete(id);
    const cards = gone.map((id) => this.card(id)).filter((card) => card !== null);
    for (const card of cards) card.remove();
    this.#recount(-cards.length);
  }

  /** Whether a card is on the page, or on its way here. */
  expects(id: string): boolean {
    return this.#coming.get(id)?.busy || this.card(id) !== null;
  }

  /** Fetch a card as it is now, in the place of the old one or before all others. */
  renew(id: string): void {
    const coming = this.#coming.get(id) ?? this.#ask(id);
    coming.put(id);
  }

  #ask(id: string): LatestOnly<string, HTMLElement | null> {
    const coming = new LatestOnly(
      fetchCard,
      (_: string, fresh: HTMLElement | null) => {
        if (fresh && this.#coming.get(id) === coming) this.#put(id, fresh);
      },
      () => {}, // the next news of it asks again
    );
    this.#coming.set(id, coming);
    return coming;
  }

  #put(id: string, fresh: HTMLElement): void {
    const old = this.card(id);
    if (old) old.replaceWith(fresh);
    else if (this.list) this.list.prepend(fresh);
    else return;
    if (!old) this.#recount(1);
    this.renewed();
  }

  /** Fetch the list anew, around a photo or from the beginning. */
  async refresh(at: string | null): Promise<boolean> {
    const url = new URL(location.href);
    url.searchParams.delete("at");
    if (at) url.searchParams.set("at", at);
    const response = await fetch(url, { headers: { "HX-Request": "true" } }).catch(() => null);
    const list = this.root.querySelector("#gallery-list");
    if (!response?.ok || !list) return false;
    const fresh = parsed(await response.text(), "#gallery-list");
    if (!fresh) return false;
    list.replaceWith(fresh);
    htmx.process(fresh);
    return true;
  }

  #recount(change: number): void {
    const { facts } = this;
    const count = Math.max(0, Number(facts.count ?? 0) + change);
    facts.count = String(count);
    const words = this.root.querySelector("[data-count-words]");
    if (words) words.textContent = t.photos(count);
    // An empty grid is the server's to explain.
    if (this.list && this.cards.length === 0) void this.refresh(null);
  }
}

async function fetchCard(id: string): Promise<HTMLElement | null> {
  const response = await fetch(`/photos/${id}/card`).catch(() => null);
  return response?.ok ? parsed(await response.text(), ".card") : null;
}

function parsed(text: string, selector: string): HTMLElement | null {
  const part = new DOMParser().parseFromString(text, "text/html").querySelector(selector);
  return part ? document.adoptNode(part as HTMLElement) : null;
}
