/** The gallery: selecting, doing, uploading, news from other windows, and the place in the list. */

import type { PhotoOut } from "../generated/api.ts";
import type { MyServer, PhotosMessage } from "../generated/websocket.ts";
import { Connection } from "../shared/api/connection.ts";
import { takeFiles } from "../shared/ui/drop.ts";
import { htmx } from "../shared/ui/htmx.ts";
import { writeListing } from "../shared/ui/listing.ts";
import { sampleOf } from "../shared/ui/sample.ts";
import { Actions } from "./actions.ts";
import { Grid } from "./grid.ts";
import { followKeys } from "./keyboard.ts";
import { t } from "./messages.ts";
import { ScrollMemory } from "./scroll-memory.ts";
import { SelectionControl } from "./selection-control.ts";
import { Toasts } from "./toasts.ts";
import type { Uploads } from "./uploads.ts";

class Gallery extends HTMLElement {
  readonly grid: Grid = new Grid(this, () => this.selecting.show());
  readonly selecting = new SelectionControl(this, this.grid, () => this.#showChosen());
  #actions!: Actions;
  #scroll!: ScrollMemory;
  #connection: Connection<MyServer> | null = null;
  #mark = "";
  #greeted = false;

  connectedCallback(): void {
    const toasts = new Toasts(this.querySelector(".toasts") as HTMLElement);
    this.#actions = new Actions(this, this.grid, this.selecting, toasts);
    this.#scroll = new ScrollMemory(this.grid);
    this.addEventListener("click", (event) => this.#click(event));
    this.#listenToLoading();
    this.#listenToNetwork();
    followKeys(this, this.grid, this.selecting, this.#actions);
    if (this.grid.facts.trash !== "true") this.#takeUploads();
    this.#connection = new Connection("/ws/me", (message) => this.#receive(message));
    this.#connection.open();
    this.#scroll.comeBack();
    const listed = () => writeListing({ search: listedSearch(), ids: this.grid.order });
    this.addEventListener("click", listed, { capture: true });
    this.dataset.ready = "true";
  }

  disconnectedCallback(): void {
    this.#connection?.close();
  }

  get #uploads(): Uploads {
    return this.querySelector("rehue-uploads") as Uploads;
  }

  #takeUploads(): void {
    const input = this.querySelector<HTMLInputElement>("#gallery-files");
    input?.addEventListener("change", () => {
      this.#uploads.add([...(input.files ?? [])]);
      input.value = "";
    });
    takeFiles(t.dropHere, (files) => this.#uploads.add(files));
    this.#uploads.addEventListener("rehue-added", (event) => {
      const photo = (event as CustomEvent<PhotoOut>).detail;
      void this.#added([photo.id]);
      // A guest has a key, and with it a socket of their own, only from the first photo on.
      if (this.#mark === "" && !this.#greeted) this.#connection?.open();
      this.#greeted = true;
    });
  }

  #click(event: MouseEvent): void {
    const target = event.target as Element;
    const star = target.closest(".card-star");
    const id = star?.closest<HTMLElement>(".card")?.dataset.photo;
    if (id) return void this.#actions.star([id]);
    const again = target.closest("[data-again]")?.closest(".more");
    if (again) return this.#loadAgain(again);
    const sample = target.closest<HTMLElement>("[data-sample]");
    if (sample) return void sampleOf(sample).then((file) => this.#uploads.add([file]));
    const button = target.closest<HTMLElement>("[data-act]");
    if (!button) return;
    void this.#actions.run(button.dataset.act ?? "", button);
  }

  #showChosen(): void {
    const { size } = this.selecting.selection;
    const bar = this.querySelector<HTMLElement>(".selection-bar");
    if (!bar) return;
    bar.hidden = size === 0;
    this.toggleAttribute("data-choosing", size > 0);
    const count = bar.querySelector(".selection-count");
    if (count) count.textContent = t.selected(size);
    this.#offerEverything(bar, size);
  }

  /** Once all cards are chosen and there are more, offer what the list goes on to. */
  #offerEverything(bar: HTMLElement, size: number): void {
    const offer = bar.querySelector<HTMLElement>('[data-act="everything"]');
    if (!offer) return;
    const { count = "0", narrow } = this.grid.facts;
    const loaded = this.grid.order;
    const whole = loaded.every((id) => this.selecting.selection.has(id));
    offer.hidden = !whole || Number(count) <= size || loaded.length === 0;
    offer.textContent = narrow === "true" ? t.allFound(Number(count)) : t.allThere(Number(count));
  }

  // More cards, and filters

  #listenToLoading(): void {
    this.addEventListener("htmx:sendError", (event) => this.#notLoaded(event));
    this.addEventListener("htmx:responseError", (event) => this.#notLoaded(event));
    this.addEventListener("htmx:beforeSwap", (event) => this.#scroll.before(event.target));
    this.addEventListener("htmx:afterSwap", (event) => {
      this.#scroll.after(event.target);
      this.selecting.show((event.target as Element).id === "gallery-list");
      this.#showFilters();
    });
    this.addEventListener("htmx:beforeRequest", (event) => {
      (event.target as Element).closest(".more")?.removeAttribute("data-failed");
      this.toggleAttribute("data-loading", true);
    });
    this.addEventListener("htmx:afterRequest", () => this.toggleAttribute("data-loading", false));
  }

  #showFilters(): void {
    const badge = this.querySelector<HTMLElement>("[data-filter-count]");
    const { filters = "0" } = this.grid.facts;
    if (!badge) return;
    badge.textContent = filters;
    badge.hidden = filters === "0";
  }

  #notLoaded(event: Event): void {
    const more = (event.target as Element).closest(".more");
    if (more) more.setAttribute("data-failed", "");
    else this.#actions.toasts.fail(t.offline);
  }

  #loadAgain(more: Element): void {
    more.removeAttribute("data-failed");
    htmx.trigger(more.querySelector(".more-reach") as Element, "again");
  }

  #listenToNetwork(): void {
    const note = this.querySelector<HTMLElement>(".gallery-offline");
    const show = () => {
      if (note) note.hidden = navigator.onLine;
    };
    window.addEventListener("online", show);
    window.addEventListener("offline", show);
    show();
  }

  // News

  #receive(news: MyServer): void {
    if (news.type === "snapshot") {
      const missed = this.#mark !== "" && this.#mark !== news.mark && this.dataset.fresh !== "true";
      this.#mark = news.mark;
      this.dataset.fresh = "false";
      if (missed) this.#offerRefresh();
    } else if (news.type === "photos") {
      this.dataset.fresh = "true";
      this.#follow(news);
    }
  }

  #follow({ what, ids }: PhotosMessage): void {
    const trash = this.grid.facts.trash === "true";
    if (what === (trash ? "added" : "removed")) {
      this.grid.remove(ids);
      this.selecting.forget(ids);
    } else if (trash) return;
    else if (what === "added") void this.#added(ids);
    else for (const id of ids) if (this.grid.expects(id)) this.grid.renew(id);
  }

  /** Put new photos first where they belong there, else say that there are some. */
  async #added(ids: readonly string[]): Promise<void> {
    const { sort, narrow } = this.grid.facts;
    const fresh = ids.filter((id) => !this.grid.expects(id));
    if (fresh.length === 0) return;
    if (!this.grid.list && narrow !== "true") return void (await this.grid.refresh(null));
    const belong = sort === "newest" && narrow !== "true" && this.grid.atBeginning;
    if (!belong || fresh.length > 3) return this.#offerRefresh();
    for (const id of fresh) this.grid.renew(id);
  }

  #offerRefresh(): void {
    const note = this.querySelector<HTMLElement>(".gallery-news");
    if (note) note.hidden = false;
  }
}

/** Filters and order, without the place in the list. */
function listedSearch(): string {
  const search = new URLSearchParams(location.search);
  search.delete("at");
  return String(search);
}

customElements.define("rehue-gallery", Gallery);
