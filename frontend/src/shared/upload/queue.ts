/** Files on their way, a few at a time; each can stall, go on, fail, and be tried again. */

export type Status = "waiting" | "sending" | "stalled" | "making" | "done" | "failed";

export interface Item<Source, Result> {
  readonly id: number;
  readonly source: Source;
  readonly status: Status;
  /** How much has arrived, in [0, 1]. */
  readonly share: number;
  /** Why it failed, in the user's language. */
  readonly error: string;
  readonly result: Result | null;
}

/** Told what becomes of a file on its way. */
export interface Reporter<Result> {
  progress(share: number): void;
  /** The connection is lost; sending goes on by itself when it is back. */
  stalled(): void;
  /** All has arrived; the photo is being made. */
  making(): void;
  done(result: Result): void;
  failed(error: string): void;
}

export interface Sending {
  /** Go on now with what has stalled. */
  resume(): void;
  /** Stop, and have the server forget what has arrived. */
  cancel(): void;
}

export type Send<Source, Result> = (source: Source, report: Reporter<Result>) => Sending;

const ENDED: ReadonlySet<Status> = new Set(["done", "failed"]);

export class UploadQueue<Source, Result> {
  items: readonly Item<Source, Result>[] = [];
  #next = 1;
  readonly #sendings = new Map<number, Sending>();

  constructor(
    readonly send: Send<Source, Result>,
    readonly parallel: number,
    readonly changed: (finished: Result | null) => void,
  ) {}

  get active(): number {
    return this.items.filter((item) => !ENDED.has(item.status)).length;
  }

  count(status: Status): number {
    return this.items.filter((item) => item.status === status).length;
  }

  /** Everything that has been sent of all there is, in [0, 1], each file counting alike. */
  get share(): number {
    if (this.items.length === 0) return 0;
    const sum = this.items.reduce(
      (all, { status, share }) => all + (ENDED.has(status) ? 1 : share),
      0,
    );
    return sum / this.items.length;
  }

  add(sources: readonly Source[]): void {
    const added = sources.map((source) => ({
      id: this.#next++,
      source,
      status: "waiting" as const,
      share: 0,
      error: "",
      result: null,
    }));
    this.items = [...this.items, ...added];
    this.#pump();
  }

  /** A file that cannot be sent at all. */
  refuse(source: Source, error: string): void {
    const id = this.#next++;
    this.items = [...this.items, { id, source, status: "failed", share: 0, error, result: null }];
    this.changed(null);
  }

  /** Try again what failed, or go on at once with what has stalled. */
  retry(id: number): void {
    const item = this.items.find((one) => one.id === id);
    if (item?.status === "stalled") this.#sendings.get(id)?.resume();
    if (item?.status !== "failed") return;
    this.#set(id, { status: "waiting", error: "", share: 0 });
    this.#pump();
  }

  retryAll(): void {
    for (const { id, status } of this.items) {
      if (status === "failed" || status === "stalled") this.retry(id);
    }
  }

  /** Take a file off the list; one that is on its way is stopped. */
  remove(id: number): void {
    const sending = this.#sendings.get(id);
    this.#sendings.delete(id);
    sending?.cancel();
    this.items = this.items.filter((item) => item.id !== id);
    this.#pump();
  }

  /** Take off all that arrived. */
  clearDone(): void {
    this.items = this.items.filter((item) => item.status !== "done");
    this.changed(null);
  }

  #pump(): void {
    for (const item of this.items) {
      if (this.#sendings.size >= this.parallel) break;
      if (item.status === "waiting" && !this.#sendings.has(item.id)) this.#start(item);
    }
    this.changed(null);
  }

  #start({ id, source }: Item<Source, Result>): void {
    this.#set(id, { status: "sending" });
    const report: Reporter<Result> = {
      progress: (share) => this.#tell(id, { status: "sending", share }),
      stalled: () => this.#tell(id, { status: "stalled" }),
      making: () => this.#tell(id, { status: "making", share: 1 }),
      done: (result) => this.#end(id, { status: "done", share: 1, result }),
      failed: (error) => this.#end(id, { status: "failed", error }),
    };
    // What fails at once must find its place taken.
    this.#sendings.set(id, { resume: () => {}, cancel: () => {} });
    const sending = this.send(source, report);
    if (this.#sendings.has(id)) this.#sendings.set(id, sending);
  }

  #end(id: number, change: Partial<Item<Source, Result>>): void {
    if (!this.#sendings.delete(id)) return;
    this.#set(id, change);
    if (change.result) this.changed(change.result);
    this.#pump();
  }

  #tell(id: number, change: Partial<Item<Source, Result>>): void {
    if (!this.#sendings.has(id)) return;
    this.#set(id, change);
    this.changed(null);
  }

  #set(id: number, change: Partial<Item<Source, Result>>): void {
    this.items = this.items.map((item) => (item.id === id ? { ...item, ...change } : item));
  }
}
