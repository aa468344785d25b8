/** A websocket that is only listened to, and comes back when the network does. */
import { readFrame } from "./frames.ts";

const FIRST_RETRY = 1_000;
const LAST_RETRY = 15_000;
/** A silent connection is asked this often whether it lives, and given as long again, in ms. */
const PING_INTERVAL = 20_000;
/** Signed out, or not ours to see: nothing to come back to. */
const FINAL_CODES = new Set([4401, 4404]);

export class Connection<Message extends { type: string }> {
  #socket: WebSocket | null = null;
  #retry = FIRST_RETRY;
  #timer = 0;
  #pings = 0;
  #heard = true;

  constructor(
    readonly url: string,
    readonly hear: (message: Message) => void,
  ) {}

  open(): void {
    const address = new URL(this.url, location.href);
    address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(address);
    this.#socket = socket;
    this.#heard = true;
    this.#pings = window.setInterval(() => this.#ping(), PING_INTERVAL);
    socket.onmessage = (event) => {
      this.#heard = true;
      this.#retry = FIRST_RETRY;
      const message = readFrame<Message>(String(event.data));
      if (message && this.#socket === socket) this.hear(message);
    };
    socket.onclose = (event) => {
      if (this.#socket !== socket) return;
      this.close();
      if (!FINAL_CODES.has(event.code)) this.#comeBack();
    };
  }

  close(): void {
    window.clearInterval(this.#pings);
    window.clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  #comeBack(): void {
    this.#timer = window.setTimeout(() => this.open(), this.#retry * (0.75 + 0.5 * Math.random()));
    this.#retry = Math.min(LAST_RETRY, this.#retry * 2);
  }

  #ping(): void {
    if (!this.#heard) {
      // A dead network does not answer a close: treat it as closed now.
      this.close();
      this.#comeBack();
      return;
    }
    this.#heard = false;
    if (this.#socket?.readyState === WebSocket.OPEN) {
      this.#socket.send(JSON.stringify({ type: "ping" }));
    }
  }
}
