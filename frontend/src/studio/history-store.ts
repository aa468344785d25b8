/**
 * The undo history of a photo on this device (IndexedDB): it outlives a reload, a change of language
 * and a closed window.
 *
 * Each window keeps its own, for undo takes back one's own steps alone. A new window goes on with the
 * newest history that no open window holds.
 */

import { HintSet } from "../core/hints.ts";
import type { Step } from "../core/history.ts";
import { recall, store, storedKeys } from "../shared/ui/storage.ts";

export interface StoredHistory {
  readonly past: readonly Step[];
  readonly future: readonly Step[];
}

interface StoredStep {
  readonly before: unknown;
  readonly after: unknown;
}

interface Row {
  readonly photo: string;
  readonly window: string;
  readonly saved: number;
  readonly past: readonly StoredStep[];
  readonly future: readonly StoredStep[];
}

const DATABASE = "rehue";
const STORE = "histories";
const BY_PHOTO = "photo";
/** Histories that nothing was added to for so long are deleted, in ms. */
const MAX_AGE = 90 * 24 * 3600 * 1000;
/** How long a reloaded page waits for its own history, which the page before still holds, in ms. */
const HANDOVER = 3000;

export class HistoryStore {
  #database: IDBDatabase | null = null;
  #window: string = crypto.randomUUID?.() ?? String(Math.random());
  /** What the database does not hold yet. */
  #unwritten: StoredHistory | null = null;
  #writing = false;

  constructor(readonly photo: string) {
    window.addEventListener("pagehide", () => this.#leave());
  }

  /** @returns the history to go on with; null where there is none, or nothing can be stored. */
  async open(): Promise<StoredHistory | null> {
    try {
      const database = await openDatabase();
      const row = await this.#take(await readRows(database, this.photo));
      if (!row) await claim(this.#lockOf(this.#window));
      store(this.#tabKey, this.#window, "sessionStorage");
      this.#database = database;
      if (row) await this.#put(row);
      store(this.#leftKey(this.#window), null);
      return row && { past: row.past.map(readStep), future: row.future.map(readStep) };
    } catch {
      // Storage may be forbidden, or hold what an older page cannot read: begin anew.
      return null;
    } finally {
      void this.#write();
    }
  }

  save(history: StoredHistory): void {
    this.#unwritten = history;
    void this.#write();
  }

  /** Take this tab's own history, else the newest one that no open window holds. */
  async #take(rows: readonly Row[]): Promise<Row | null> {
    const own = recall(this.#tabKey, "sessionStorage");
    const newest = new Map<string, Row>();
    for (const row of [...rows, ...this.#left()].sort((a, b) => a.saved - b.saved)) {
      newest.set(row.window, row);
    }
    const order = [...newest.values()].sort((a, b) => b.saved - a.saved);
    for (const row of order.sort((a, b) => Number(b.window === own) - Number(a.window === own))) {
      if (!(await claim(this.#lockOf(row.window), row.window === own ? HANDOVER : 0))) continue;
      this.#window = row.window;
      return row;
    }
    return null;
  }

  /** What pages left that went before all was written. */
  #left(): Row[] {
    return storedKeys(this.#leftKey("")).map((key) => JSON.parse(recall(key) ?? "") as Row);
  }

  async #write(): Promise<void> {
    // Steps made before the database is open wait for it; those made during a write, for its end.
    if (!this.#database || this.#writing) return;
    this.#writing = true;
    try {
      while (this.#unwritten) {
        const history = this.#unwritten;
        await this.#put(this.#rowOf(history));
        if (this.#unwritten === history) this.#unwritten = null;
      }
    } catch {
      // The disk is full or storage was taken away: the next step tries again.
    }
    this.#writing = false;
  }

  async #put(row: Row): Promise<void> {
    const transaction = this.#database?.transaction(STORE, "readwrite");
    if (transaction) await done(transaction.objectStore(STORE).put(row));
  }

  /** A database answers too late for a page that goes. */
  #leave(): void {
    if (!this.#unwritten) return;
    const row = this.#rowOf(this.#unwritten);
    store(this.#leftKey(this.#window), JSON.stringify(row));
  }

  #rowOf(history: StoredHistory): Row {
    return {
      photo: this.photo,
      window: this.#window,
      saved: Date.now(),
      past: history.past.map(writeStep),
      future: history.future.map(writeStep),
    };
  }

  #lockOf(window: string): string {
    return `rehue:${this.photo}:${window}`;
  }

  #leftKey(window: string): string {
    return `rehue:history:${this.photo}:${window}`;
  }

  get #tabKey(): string {
    return `rehue:window:${this.photo}`;
  }
}

/** Plain values: hints that sets share are stored once. */
function writeStep({ before, after }: Step): StoredStep {
  return { before: before.toJSON(), after: after.toJSON() };
}

function readStep({ before, after }: StoredStep): Step {
  return { before: HintSet.parse(before), after: HintSet.parse(after) };
}

function openDatabase(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => {
    const store = request.result.createObjectStore(STORE, { keyPath: ["photo", "window"] });
    store.createIndex(BY_PHOTO, "photo");
  };
  return done(request);
}

/** The photo's histories; old ones are deleted. */
async function readRows(database: IDBDatabase, photo: string): Promise<Row[]> {
  const store = database.transaction(STORE, "readwrite").objectStore(STORE);
  const rows = (await done(store.index(BY_PHOTO).getAll(photo))) as Row[];
  const old = Date.now() - MAX_AGE;
  for (const row of rows) if (row.saved < old) store.delete([row.photo, row.window]);
  return rows.filter((row) => row.saved >= old);
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/**
 * Hold a lock until the window goes.
 *
 * @param patience how long to wait for it, in ms.
 * @returns false where another window keeps it. Without locks (an address that is not secure)
 *   every window may have it.
 */
function claim(name: string, patience = 0): Promise<boolean> {
  if (!navigator.locks) return Promise.resolve(true);
  const options = patience ? { signal: AbortSignal.timeout(patience) } : { ifAvailable: true };
  return new Promise((resolve) => {
    const held = navigator.locks.request(name, options, (lock) => {
      resolve(lock !== null);
      return lock ? new Promise(() => {}) : undefined;
    });
    held.catch(() => resolve(false));
  });
}
