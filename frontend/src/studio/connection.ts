/** The photo's websocket: carries out what the sync machine decides, and keeps the draft. */
import { readDraft, writeDraft } from "../core/draft.ts";
import { HintSet } from "../core/hints.ts";
import { type ServerMessage, withHints } from "../core/protocol.ts";
import { type Effect, Sync } from "../core/sync.ts";
import type { Server } from "../generated/websocket.ts";
import { readFrame } from "../shared/api/frames.ts";
import { recall, store } from "../shared/ui/storage.ts";

/** A draft is written at most this often, in ms, and when the page goes. */
const DRAFT_INTERVAL = 250;

export interface ConnectionHooks {
  /** Hints that another window or the server brought. */
  adopt(hints: HintSet): void;
  message(message: ServerMessage): void;
  sent(revision: number, hints: HintSet): void;
  changed(): void;
}

export class PhotoConnection {
  readonly sync: Sync;
  #socket: WebSocket | null = null;
  #timer = 0;
  #draftTimer = 0;
  /** Whether the kept draft is this window's: another window's is not ours to forget. */
  #keeps: boolean;
  readonly #draftKey: string;

  constructor(
    photo: string,
    readonly url: string,
    readonly hooks: ConnectionHooks,
  ) {
    this.#draftKey = `rehue:draft:${photo}`;
    const draft = readDraft(recall(this.#draftKey));
    this.#keeps = draft !== null;
    this.sync = new Sync(draft ?? { base: HintSet.empty, revision: 0, local: HintSet.empty });
  }

  start(): void {
    window.addEventListener("online", () => this.#run(this.sync.wake(performance.now())));
    window.addEventListener("offline", () => this.#socket?.close());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.#run(this.sync.wake(performance.now()));
    });
    window.addEventListener("pagehide", () => this.#keepDraft());
    this.#connect();
  }

  edit(hints: HintSet): void {
    this.#run(this.sync.edit(hints, performance.now()));
    this.#keepDraftSoon();
  }

  #connect(): void {
    const address = new URL(this.url, location.href);
    address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(address);
    this.#socket = socket;
    const current = () => this.#socket === socket;
    socket.onopen = () => current() && this.#run(this.sync.opened(performance.now()));
    socket.onclose = (event) => {
      if (!current()) return;
      this.#socket = null;
      this.#run(this.sync.closed(event.code, performance.now()));
    };
    socket.onmessage = (event) => {
      const frame = current() ? readFrame<Server>(String(event.data)) : null;
      const message = frame && withHints(frame);
      if (!message) return;
      this.#run(this.sync.receive(message, performance.now()));
      this.#keepDraftSoon();
    };
  }

  #run(effects: Effect[]): void {
    for (const effect of effects) this.#carryOut(effect);
    window.clearTimeout(this.#timer);
    const wait = this.sync.wakeAt - performance.now();
    if (Number.isFinite(wait)) {
      this.#timer = window.setTimeout(
        () => this.#run(this.sync.tick(performance.now())),
        Math.max(0, wait),
      );
    }
    this.hooks.changed();
  }

  #carryOut(effect: Effect): void {
    switch (effect.type) {
      case "connect":
        return this.#connect();
      case "disconnect": {
        // A dead network does not answer a close: treat it as closed now.
        const socket = this.#socket;
        this.#socket = null;
        socket?.close();
        return this.#run(this.sync.closed(1006, performance.now()));
      }
      case "ping":
        return this.#send({ type: "ping" });
      case "send":
        this.hooks.sent(effect.revision, effect.hints);
        return this.#send({ type: "hints", revision: effect.revision, hints: effect.hints });
      case "adopt":
        return this.hooks.adopt(effect.hints);
      case "message":
        return this.hooks.message(effect.message);
    }
  }

  #send(frame: object): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }

  /** Not at every step of a hand: a full hint set is half a megabyte. */
  #keepDraftSoon(): void {
    if (this.#draftTimer) return;
    this.#draftTimer = window.setTimeout(() => this.#keepDraft(), DRAFT_INTERVAL);
  }

  #keepDraft(): void {
    window.clearTimeout(this.#draftTimer);
    this.#draftTimer = 0;
    const { dirty } = this.sync;
    if (dirty || this.#keeps) store(this.#draftKey, dirty ? writeDraft(this.sync.start) : null);
    this.#keeps = dirty;
  }
}
