/** What the websocket of a run, search or evaluation says (docs/reference/websocket.md). */

export type Row = Readonly<Record<string, unknown>>;

export interface WorkNews {
  readonly status: string;
  readonly seq: number;
  readonly done: number;
  readonly total: number;
  readonly seconds: number;
  /** In a snapshot all of them, else those that are new or have changed. */
  readonly rows: readonly Row[];
}

export type WorkMessage =
  | ({ readonly type: "snapshot" | "progress" } & WorkNews)
  | { readonly type: "error" | "revoked" | "pong" };

/** @returns null for what this client does not know: a newer server may say more. */
export function parseWorkMessage(text: string): WorkMessage | null {
  try {
    const value: unknown = JSON.parse(text);
    return isRow(value) ? read(value) : null;
  } catch {
    return null;
  }
}

function read(from: Row): WorkMessage | null {
  switch (from.type) {
    case "snapshot":
    case "progress":
      return {
        type: from.type,
        status: String(from.status),
        seq: count(from.seq),
        done: count(from.done),
        total: count(from.total),
        seconds: count(from.seconds),
        rows: Array.isArray(from.rows) ? from.rows.filter(isRow) : [],
      };
    case "error":
    case "revoked":
    case "pong":
      return { type: from.type };
    default:
      return null;
  }
}

function count(value: unknown): number {
  if (typeof value !== "number" || !(value >= 0)) throw new TypeError("not a count");
  return value;
}

function isRow(value: unknown): value is Row {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
