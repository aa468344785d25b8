/** What the photo's websocket says, its hints read (docs/reference/websocket.md). */
import type { Server, SnapshotMessage } from "../generated/websocket.ts";
import { HintSet } from "./hints.ts";

export type { ChromaState, JobState } from "../generated/websocket.ts";

export type ServerMessage =
  | Exclude<Server, SnapshotMessage>
  | (Omit<SnapshotMessage, "hints"> & { readonly hints: HintSet });

/** @returns null for hints of a kind that this client does not know. */
export function withHints(message: Server): ServerMessage | null {
  if (message.type !== "snapshot") return message;
  try {
    return { ...message, hints: HintSet.parse(message.hints) };
  } catch {
    return null;
  }
}
