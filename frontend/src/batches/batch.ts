/** A batch while it goes on: its page follows without being loaded again. */
import { Connection } from "../api/connection.ts";
import { clock } from "../laboratory/clock.ts";
import { refreshParts } from "../ui/parts.ts";
import { type BatchMessage, type BatchNews, type ItemNews, parseBatchMessage } from "./protocol.ts";
import { t } from "./words.ts";

/** The server draws buttons and rows; while much happens it is asked this seldom, in ms. */
const REFRESH_INTERVAL = 2_000;

class Batch extends HTMLElement {
  #connection: Connection<BatchMessage> | null = null;
  #seq = -1;
  #drawn = "";
  #timer = 0;

  connectedCallback(): void {
    const { status, failed, socket = "" } = this.dataset;
    this.#drawn = `${status} ${failed}`;
    this.#connection = new Connection(socket, parseBatchMessage, (message: BatchMessage) =>
      this.#hear(message),
    );
    this.#connection.open();
  }

  disconnectedCallback(): void {
    this.#connection?.close();
    window.clearTimeout(this.#timer);
  }

  #hear(message: BatchMessage): void {
    if (message.type === "revoked") location.reload();
    if (message.type !== "snapshot" && message.type !== "progress") return;
    for (const item of message.items) this.#showItem(item);
    if (message.seq < this.#seq) return;
    const missed = message.type === "snapshot" && String(message.seq) !== this.dataset.seq;
    this.#seq = message.seq;
    this.#showNumbers(message);
    // Buttons depend on these; and the first result brings the download.
    const drawn = `${message.status} ${message.failed}`;
    if (drawn !== this.#drawn || missed || message.done === 1) this.#refreshSoon(drawn);
  }

  #refreshSoon(drawn: string): void {
    const ended = hasEnded(drawn);
    this.#drawn = drawn;
    if (this.#timer && !ended) return;
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(
      () => {
        this.#timer = 0;
        void refreshParts(this);
      },
      ended ? 0 : REFRESH_INTERVAL,
    );
  }

  #showNumbers({ done, failed, total, remaining }: BatchNews): void {
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

  #showItem({ number, status }: ItemNews): void {
    const row = this.querySelector<HTMLElement>(`[data-number="${number}"]`);
    const place = row?.querySelector(".status");
    if (!row || !place) return;
    row.dataset.status = status;
    place.className = `status status-${status}`;
    place.textContent = t.status[status] ?? status;
  }
}

function hasEnded(drawn: string): boolean {
  return /^(done|failed|cancelled|paused)/.test(drawn);
}

customElements.define("rehue-batch", Batch);
