/** A run, search or evaluation while it goes on: its page follows without being loaded again. */

import { clock, remaining } from "../core/clock.ts";
import type { LabServer, ProgressMessage, WorkSnapshotMessage } from "../generated/websocket.ts";
import { Connection } from "../shared/api/connection.ts";
import { refreshParts } from "../shared/ui/page-parts.ts";
import type { RehueChart } from "./chart.ts";
import { type Row, withRows } from "./chart-rows.ts";

/**
 * Numbers and charts come from the messages. What depends on where the work stands, such as its
 * buttons and results, is the server's to draw: those parts are fetched when that changes.
 */
class Work extends HTMLElement {
  #connection: Connection<LabServer> | null = null;
  #status: string | null = null;

  connectedCallback(): void {
    this.#connection = new Connection(this.dataset.socket ?? "", (message) =>
      this.#receive(message),
    );
    this.#connection.open();
  }

  disconnectedCallback(): void {
    this.#connection?.close();
  }

  #receive(message: LabServer): void {
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

  #showNumbers({ done, total, seconds, status }: WorkSnapshotMessage | ProgressMessage): void {
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
