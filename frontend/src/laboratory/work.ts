/** A run, search or evaluation while it goes on: its page follows without being loaded again. */
import { Connection } from "../api/connection.ts";
import type { RehueChart } from "../ui/chart.ts";
import { refreshParts } from "../ui/parts.ts";
import { clock, remaining } from "./clock.ts";
import { parseWorkMessage, type Row, type WorkMessage, type WorkNews } from "./protocol.ts";
import { withRows } from "./rows.ts";

/**
 * Numbers and charts come from the messages. What depends on where the work stands, such as its
 * buttons and results, is the server's to draw: those parts are fetched when that changes.
 */
class Work extends HTMLElement {
  #connection: Connection<WorkMessage> | null = null;
  #status: string | null = null;

  connectedCallback(): void {
    this.#connection = new Connection(
      this.dataset.socket ?? "",
      parseWorkMessage,
      (message: WorkMessage) => this.#hear(message),
    );
    this.#connection.open();
  }

  disconnectedCallback(): void {
    this.#connection?.close();
  }

  #hear(message: WorkMessage): void {
    if (message.type === "revoked") location.reload();
    if (message.type !== "snapshot" && message.type !== "progress") return;
    this.#showNumbers(message);
    this.#showRows(message.rows);
    // The page itself is as old as its data-seq says.
    const known = message.type === "snapshot" && String(message.seq) === this.dataset.seq;
    const changed = message.status !== this.#status || message.rows.length > 0;
    this.#status = message.status;
    if (changed && !known) void refreshParts(this);
  }

  #showNumbers({ done, total, seconds, status }: WorkNews): void {
    const left = status === "running" ? remaining(done, total, seconds) : null;
    this.#show("done", String(done));
    this.#show("total", String(total));
    this.#show("seconds", clock(seconds));
    this.#show("remaining", left === null ? "–" : clock(left));
    const bar = this.querySelector<HTMLProgressElement>('[data-show="bar"]');
    if (!bar) return;
    bar.max = total || 1;
    bar.value = done;
  }

  #show(name: string, text: string): void {
    const place = this.querySelector(`[data-show="${name}"]`);
    if (place) place.textContent = text;
  }

  #showRows(rows: readonly Row[]): void {
    for (const chart of this.querySelectorAll<RehueChart>("rehue-chart")) {
      const { x = "", y = "" } = chart.dataset;
      if (!chart.data) continue;
      const longer = withRows(chart.data, rows, x, y);
      if (longer !== chart.data) chart.data = longer;
    }
  }
}

customElements.define("rehue-work", Work);
