/** What the photo's websocket says (docs/reference/websocket.md), read with suspicion. */
import { HintSet } from "./hints.ts";

export type JobStatus = "queued" | "running" | "done" | "failed" | "superseded" | "cancelled";

export interface JobNews {
  readonly job: string;
  readonly kind: "chroma" | "render";
  readonly status: JobStatus;
  readonly seq: number;
  readonly revision: number;
  readonly error: string;
}

export interface ChromaNews {
  readonly revision: number;
  readonly width: number;
  readonly height: number;
  readonly data: string;
}

export type ServerMessage =
  | {
      type: "snapshot";
      revision: number;
      hints: HintSet;
      chroma: ChromaNews | null;
      job: JobNews | null;
    }
  | ({ type: "job" } & JobNews)
  | ({ type: "chroma" } & ChromaNews)
  | { type: "version"; id: string; job: string; revision: number }
  | { type: "error"; code: string; message: string; revision: number | null }
  | { type: "revoked" }
  | { type: "pong" };

/** @returns null for what this client does not know: a newer server may say more. */
export function parseMessage(text: string): ServerMessage | null {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? read(value) : null;
  } catch {
    return null;
  }
}

function read(from: Fields): ServerMessage | null {
  switch (from.type) {
    case "snapshot":
      return {
        type: "snapshot",
        revision: int(from, "revision"),
        hints: HintSet.parse(from.hints),
        chroma: isRecord(from.chroma) ? chroma(from.chroma) : null,
        job: isRecord(from.job) ? job(from.job) : null,
      };
    case "job":
      return { type: "job", ...job(from) };
    case "chroma":
      return { type: "chroma", ...chroma(from) };
    case "version":
      return {
        type: "version",
        id: text(from, "id"),
        job: text(from, "job"),
        revision: int(from, "revision"),
      };
    case "error":
      return {
        type: "error",
        code: text(from, "code"),
        message: text(from, "message"),
        revision: typeof from.revision === "number" ? from.revision : null,
      };
    case "revoked":
      return { type: "revoked" };
    case "pong":
      return { type: "pong" };
    default:
      return null;
  }
}

function job(from: Fields): JobNews {
  return {
    job: typeof from.job === "string" ? from.job : text(from, "id"),
    kind: from.kind === "render" ? "render" : "chroma",
    status: text(from, "status") as JobStatus,
    seq: int(from, "seq"),
    revision: int(from, "revision"),
    error: typeof from.error === "string" ? from.error : "",
  };
}

function chroma(from: Fields): ChromaNews {
  if (from.encoding !== "ab8-deflate") throw new TypeError("unknown chroma encoding");
  return {
    revision: int(from, "revision"),
    width: int(from, "width"),
    height: int(from, "height"),
    data: text(from, "data"),
  };
}

type Fields = Record<string, unknown>;

function isRecord(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function int(from: Fields, name: string): number {
  const value = from[name];
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0) throw new TypeError(name);
  return value;
}

function text(from: Fields, name: string): string {
  const value = from[name];
  if (typeof value !== "string") throw new TypeError(name);
  return value;
}
