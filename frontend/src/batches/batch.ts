/** A batch while it goes on: its page follows without being loaded again. */

import { clock } from "../core/clock.ts";
import type {
  BatchItemState,
  BatchProgressMessage,
  BatchServer,
  BatchSnapshotMessage,
} from "../generated/websocket.ts";
import { Connection } from "../shared/api/connection.ts";
import { refreshParts } from "../shared/ui/page-parts.ts";
import { t } from "./messages.ts";

/** The server draws buttons and rows; while much happens it is asked this seldom, in ms. */
const REFRESH_INTERVAL = 2_000;

class Batch extends HTMLElement {
  #connection: Connection<BatchServer> | null = null;
  #seq = -1;
  #status = "";
  #timer = 0;

  connectedCallback(): void {
    const { status = "", socket = "" } = this.dataset;
    this.#status = status;
    this.#connection = new Connection(socket, (message) => this.#receive(message));
    this.#connection.open();
  }

  disconnectedCallback(): void {
    this.#connection?.close();
    window.clearTimeout(this.#timer);
  }

  #receive(message: BatchServer): void {
    // Deleted, here or in another window, or signed out: the list says which.
    if (message.type === "revoked") location.assign(this.dataset.list ?? "/");
    if (message.type !== "snapshot" && message.type !== "progress") return;
    if (message.type === "progress") for (const item of message.items) this.#showItem(item);
    if (message.seq < this.#seq) return;
    const missed = message.type === "snapshot" && String(message.seq) !== this.dataset.seq;
    this.#seq = message.seq;
    this.#showNumbers(message);
    if (missed || message.type === "progress") this.#refreshSoon(message.status);
  }

  /** At once where the status is another one, for buttons depend on it. */
  #refreshSoon(status: string): void {
    const changed = status !== this.#status;
    this.#status = status;
    if (this.#timer && !changed) return;
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(
      () => {
        this.#timer = 0;
        void refreshParts(this);
      },
      changed ? 0 : REFRESH_INTERVAL,
    );
  }

  #showNumbers({
    done,
    failed,
    total,
    remaining,
  }: BatchSnapshotMessage | BatchProgressMessage): void {
    this.#show("done", String(done));
    this.#show("failed", String(failed));
    this.#show("total", String(total));
    this.#show("remaining", remaining === null ? "–" : clock(remaining));
    const bar = this.querySelector<HTMLProgressElement>('[data-show="bar"]');
    if (!bar) return;
    bar.max = total || 1;
    bar.value = done + failed;
  }

  #show(name: string, text: string): void {
    const place = this.querySelector(`[data-show="${name}"]`);
    if (place) place.textContent = text;
  }

  #showItem({ number, status }: BatchItemState): void {
    const row = this.querySelector<HTMLElement>(`[data-number="${number}"]`);
    const place = row?.querySelector(".status");
    if (!row || !place) return;
    row.dataset.status = status;
    place.className = `status status-${status}`;
    place.textContent = t.status[status] ?? status;
  }
}

customElements.define("rehue-batch", Batch);
