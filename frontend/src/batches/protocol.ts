/** What the websocket of a batch says (docs/reference/websocket.md). */

export interface ItemNews {
  readonly number: number;
  readonly status: string;
  readonly error: string;
}

export interface BatchNews {
  readonly status: string;
  readonly seq: number;
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  /** In seconds; null while it cannot be told. */
  readonly remaining: number | null;
  readonly items: readonly ItemNews[];
}

export type BatchMessage =
  | ({ readonly type: "snapshot" | "progress" } & BatchNews)
  | { readonly type: "error" | "revoked" | "pong" };

type Fields = Readonly<Record<string, unknown>>;

/** @returns null for what this client does not know: a newer server may say more. */
export function parseBatchMessage(text: string): BatchMessage | null {
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? read(value) : null;
  } catch {
    return null;
  }
}

function read(from: Fields): BatchMessage | null {
  switch (from.type) {
    case "snapshot":
    case "progress":
      return {
        type: from.type,
        status: String(from.status),
        seq: count(from.seq),
        total: count(from.total),
        done: count(from.done),
        failed: count(from.failed),
        remaining: from.remaining === null ? null : count(from.remaining),
        items: Array.isArray(from.items) ? from.items.filter(isFields).map(readItem) : [],
      };
    case "error":
    case "revoked":
    case "pong":
      return { type: from.type };
    default:
      return null;
  }
}

function readItem(from: Fields): ItemNews {
  return {
    number: count(from.number),
    status: String(from.status),
    error: String(from.error ?? ""),
  };
}

function count(value: unknown): number {
  if (typeof value !== "number" || !(value >= 0)) throw new TypeError("not a count");
  return value;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
