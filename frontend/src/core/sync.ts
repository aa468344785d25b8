/**
 * Keeping a photo's hints the same here and on the server, whatever the network does.
 *
 * A pure machine: it is told what happened and at what time, and answers with what to do. Each
 * change gets a higher revision and the newest is sent, never a queue of old ones. A revision is
 * saved once the server speaks of a job at it or beyond. After a lost connection the server's
 * snapshot comes first: what was changed here is laid on top of it and sent again.
 */
import { type HintSet, merge } from "./hints.ts";
import type { ServerMessage } from "./protocol.ts";

export type Connection = "connecting" | "open" | "waiting" | "closed";
export type Saved = "saved" | "saving" | "offline";

export type Effect =
  | { type: "connect" }
  | { type: "disconnect" }
  | { type: "send"; revision: number; hints: HintSet }
  | { type: "ping" }
  /** The server's hints are to be shown: another window changed them. */
  | { type: "adopt"; hints: HintSet }
  | { type: "message"; message: ServerMessage };

/** Changes are sent at most this often, in ms: a drag sends a dozen a second. */
export const SEND_INTERVAL = 80;
export const FIRST_RETRY = 500;
export const LAST_RETRY = 15_000;
/** What was sent and not confirmed for this long is sent again, in ms. */
export const RESEND_INTERVAL = 5_000;
/** An idle connection is asked this often whether it lives, and given this long, in ms. */
export const PING_INTERVAL = 20_000;
export const PONG_DEADLINE = 10_000;

/** The photo is gone or not ours; the session was ended. */
const FINAL_CODES = new Set([4404, 4401]);
/** We were too loud: come back slowly. */
const TOO_MANY_CODE = 4408;

export interface Start {
  /** The hints the server last confirmed, its revision, and what was changed since. */
  readonly base: HintSet;
  readonly revision: number;
  readonly local: HintSet;
}

interface Sent {
  readonly revision: number;
  readonly hints: HintSet;
}

/** Unconfirmed hint sets that are remembered, to know them again in a snapshot. */
const MAX_FLYING = 100;

export class Sync {
  #connection: Connection = "connecting";
  #base: HintSet;
  #local: HintSet;
  #saved: number;
  #newest: number;
  #flying: readonly Sent[] = [];
  #synced = false;
  #attempt = 0;
  #retryAt = Number.POSITIVE_INFINITY;
  #sendAt = Number.POSITIVE_INFINITY;
  #lastSent = Number.NEGATIVE_INFINITY;
  #pingAt = Number.POSITIVE_INFINITY;
  #deadline = Number.POSITIVE_INFINITY;

  /** @param random in [0, 1), spreads reconnects of many clients. */
  constructor(
    start: Start,
    readonly random: () => number = Math.random,
  ) {
    this.#base = start.base;
    this.#local = start.local;
    this.#saved = start.revision;
    this.#newest = start.revision + (start.local.equals(start.base) ? 0 : 1);
  }

  get connection(): Connection {
    return this.#connection;
  }

  get saved(): Saved {
    if (!this.dirty && (this.#connection === "open" || this.#synced)) return "saved";
    return this.#connection === "open" || this.#connection === "connecting" ? "saving" : "offline";
  }

  /** Whether something here is not known to be on the server. */
  get dirty(): boolean {
    return this.#newest > this.#saved;
  }

  get revision(): number {
    return this.#newest;
  }

  get savedRevision(): number {
    return this.#saved;
  }

  get hints(): HintSet {
    return this.#local;
  }

  /** What the next window needs to go on from here. */
  get start(): Start {
    return { base: this.#base, revision: this.#saved, local: this.#local };
  }

  /** When `tick` has something to do, in ms of the caller's clock. */
  get wakeAt(): number {
    return Math.min(this.#retryAt, this.#sendAt, this.#pingAt, this.#deadline);
  }

  edit(hints: HintSet, now: number): Effect[] {
    if (hints.equals(this.#local)) return [];
    this.#local = hints;
    this.#newest += 1;
    return this.#schedule(now);
  }

  opened(now: number): Effect[] {
    this.#connection = "open";
    this.#synced = false;
    this.#retryAt = Number.POSITIVE_INFINITY;
    this.#alive(now);
    return [];
  }

  closed(code: number, now: number): Effect[] {
    this.#sendAt = this.#pingAt = this.#deadline = Number.POSITIVE_INFINITY;
    if (FINAL_CODES.has(code)) {
      this.#connection = "closed";
      return [];
    }
    if (this.#connection === "closed") return [];
    this.#connection = "waiting";
    if (code === TOO_MANY_CODE) this.#attempt = Math.max(this.#attempt, 3);
    const backoff = Math.min(LAST_RETRY, FIRST_RETRY * 2 ** this.#attempt);
    this.#attempt += 1;
    this.#retryAt = now + backoff * (0.75 + 0.5 * this.random());
    return [];
  }

  /** The browser says the network is back, or the window was opened again: no need to wait. */
  wake(now: number): Effect[] {
    if (this.#connection !== "waiting") return [];
    this.#retryAt = now;
    return this.tick(now);
  }

  tick(now: number): Effect[] {
    const effects: Effect[] = [];
    if (now >= this.#retryAt) {
      this.#retryAt = Number.POSITIVE_INFINITY;
      this.#connection = "connecting";
      effects.push({ type: "connect" });
    }
    if (now >= this.#deadline) {
      this.#deadline = this.#pingAt = Number.POSITIVE_INFINITY;
      effects.push({ type: "disconnect" });
    } else if (now >= this.#pingAt) {
      this.#pingAt = Number.POSITIVE_INFINITY;
      this.#deadline = now + PONG_DEADLINE;
      effects.push({ type: "ping" });
    }
    if (now >= this.#sendAt) effects.push(...this.#send(now));
    return effects;
  }

  receive(message: ServerMessage, now: number): Effect[] {
    this.#alive(now);
    const passed: Effect = { type: "message", message };
    if (message.type === "snapshot") {
      return [...this.#rebase(message.revision, message.hints, now), passed];
    }
    if ((message.type === "job" || message.type === "chroma") && this.#synced) {
      this.#confirm(message.revision);
    }
    if (message.type === "error") this.#refused(message.code, message.revision, now);
    return [passed];
  }

  /** The server's state is the ground; what was changed here stays on top of it. */
  #rebase(revision: number, remote: HintSet, now: number): Effect[] {
    this.#synced = true;
    this.#attempt = 0;
    if (remote.equals(this.#local)) return this.#settle(revision, remote);
    if (!this.dirty) {
      this.#settle(revision, remote);
      return [{ type: "adopt", hints: remote }];
    }
    const ours = this.#flying.some((sent) => sent.hints.equals(remote));
    const known = ours || remote.equals(this.#base);
    const joined = known ? this.#local : merge(this.#base, this.#local, remote);
    const changed = !joined.equals(this.#local);
    this.#base = remote;
    this.#local = joined;
    this.#saved = revision;
    this.#newest = Math.max(this.#newest, revision) + 1;
    this.#flying = [];
    if (joined.equals(remote)) this.#settle(revision, remote);
    const adopted: Effect[] = changed ? [{ type: "adopt", hints: joined }] : [];
    return [...adopted, ...this.#schedule(now)];
  }

  #settle(revision: number, hints: HintSet): Effect[] {
    this.#base = this.#local = hints;
    this.#saved = this.#newest = revision;
    this.#flying = [];
    this.#sendAt = Number.POSITIVE_INFINITY;
    return [];
  }

  #confirm(revision: number): void {
    const reached = this.#flying.filter((sent) => sent.revision <= revision).at(-1);
    if (!reached) return;
    this.#saved = reached.revision;
    this.#base = reached.hints;
    this.#flying = this.#flying.filter((sent) => sent.revision > revision);
    if (!this.dirty) this.#sendAt = Number.POSITIVE_INFINITY;
  }

  /** A refused hint set is not sent again as it is; the next change is. */
  #refused(code: string, revision: number | null, now: number): void {
    if (code === "too_many" && this.dirty) this.#sendAt = now + 1000;
    else if (code !== "stale_revision" && revision === this.#newest) {
      this.#sendAt = Number.POSITIVE_INFINITY;
    }
  }

  #schedule(now: number): Effect[] {
    if (this.#connection !== "open" || !this.#synced || !this.dirty) return [];
    this.#sendAt = Math.max(now, this.#lastSent + SEND_INTERVAL);
    return this.#sendAt <= now ? this.#send(now) : [];
  }

  #send(now: number): Effect[] {
    this.#sendAt = now + RESEND_INTERVAL;
    this.#lastSent = now;
    const sent = { revision: this.#newest, hints: this.#local };
    this.#flying = [...this.#flying, sent].slice(-MAX_FLYING);
    return [{ type: "send", ...sent }];
  }

  #alive(now: number): void {
    this.#pingAt = now + PING_INTERVAL;
    this.#deadline = Number.POSITIVE_INFINITY;
  }
}
