/** What /ws/me says (docs/reference/websocket.md). */
export type MyMessage =
  | { readonly type: "snapshot"; readonly count: number; readonly mark: string }
  | {
      readonly type: "photos";
      readonly what: "added" | "changed" | "removed";
      readonly ids: readonly string[];
    }
  | { readonly type: "error" | "revoked" | "pong" };

const WHAT = new Set(["added", "changed", "removed"]);

/** @returns null for what this client does not know: a newer server may say more. */
export function parseMyMessage(text: string): MyMessage | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null) return null;
  const from = value as Record<string, unknown>;
  switch (from.type) {
    case "snapshot":
      return { type: "snapshot", count: Number(from.count), mark: String(from.mark) };
    case "photos": {
      if (!WHAT.has(String(from.what)) || !Array.isArray(from.ids)) return null;
      const what = from.what as "added" | "changed" | "removed";
      return { type: "photos", what, ids: from.ids.map(String) };
    }
    case "error":
    case "revoked":
    case "pong":
      return { type: from.type };
    default:
      return null;
  }
}
