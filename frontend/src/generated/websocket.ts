/* Written by codegen.mjs from webapp/common/websocket/schema.json: change that instead. */

export type Client = HintsMessage | PingMessage;
export type Server =
  | SnapshotMessage
  | JobMessage
  | ChromaMessage
  | VersionMessage
  | QueueMessage
  | ErrorMessage
  | RevokedMessage
  | PongMessage;
export type MyServer =
  MySnapshotMessage | PhotosMessage | ErrorMessage | RevokedMessage | PongMessage;
export type LabServer =
  WorkSnapshotMessage | ProgressMessage | ErrorMessage | RevokedMessage | PongMessage;
export type BatchServer =
  BatchSnapshotMessage | BatchProgressMessage | ErrorMessage | RevokedMessage | PongMessage;

/**
 * A photo of a batch as sockets see it; ``number`` counts from 1.
 */
export interface BatchItemState {
  number: number;
  name: string;
  status: "queued" | "running" | "done" | "failed" | "cancelled";
  error: string;
}
/**
 * The batch has gone on; ``items`` are the photos that have changed.
 */
export interface BatchProgressMessage {
  batch: string;
  status: "queued" | "running" | "paused" | "done" | "failed" | "cancelled";
  seq: number;
  total: number;
  done: number;
  failed: number;
  remaining: number | null;
  type: "progress";
  items: BatchItemState[];
}
/**
 * The batch as it stands; its photos are read over HTTP.
 */
export interface BatchSnapshotMessage {
  batch: string;
  status: "queued" | "running" | "paused" | "done" | "failed" | "cancelled";
  seq: number;
  total: number;
  done: number;
  failed: number;
  remaining: number | null;
  type: "snapshot";
}
/**
 * There is a new chroma map.
 */
export interface ChromaMessage {
  revision: number;
  job: string;
  model: string;
  width: number;
  height: number;
  encoding: "ab8-deflate";
  data: string;
  seconds: number;
  type: "chroma";
}
/**
 * A chroma map: ``data`` is base64 of zlib of int8 planes a and b, row by row.
 */
export interface ChromaState {
  revision: number;
  job: string;
  model: string;
  width: number;
  height: number;
  encoding: "ab8-deflate";
  data: string;
  seconds: number;
}
/**
 * A message was refused; ``message`` is a sentence for people, ``code`` is for programs.
 */
export interface ErrorMessage {
  type: "error";
  code:
    | "bad_json"
    | "bad_message"
    | "bad_hints"
    | "stale_revision"
    | "too_large"
    | "too_many"
    | "too_many_connections"
    | "no_live_model"
    | "server_error";
  message: string;
  revision: number | null;
}
/**
 * The photo's whole hint set has changed; ``revision`` is higher than any before.
 */
export interface HintsMessage {
  type: "hints";
  revision: number;
  /**
   * A hint set: {version, hints}.
   */
  hints: {
    [k: string]: unknown | undefined;
  };
}
/**
 * A job has changed; hints up to its ``revision`` are saved.
 */
export interface JobMessage {
  job: string;
  kind: "chroma" | "render";
  status: "queued" | "running" | "done" | "failed" | "superseded" | "cancelled";
  attempt: number;
  seq: number;
  revision: number;
  error: string;
  type: "job";
}
/**
 * A job as sockets see it.
 */
export interface JobState {
  job: string;
  kind: "chroma" | "render";
  status: "queued" | "running" | "done" | "failed" | "superseded" | "cancelled";
  attempt: number;
  seq: number;
  revision: number;
  error: string;
}
/**
 * How many photos there are, and a mark that is another one after any change to them.
 */
export interface MySnapshotMessage {
  type: "snapshot";
  count: number;
  mark: string;
}
/**
 * A photo as sockets see it; width and height in its own pixels.
 */
export interface PhotoState {
  id: string;
  title: string;
  width: number;
  height: number;
}
/**
 * Photos were added (or came back from the trash), look or read otherwise, or are gone.
 */
export interface PhotosMessage {
  type: "photos";
  what: "added" | "changed" | "removed";
  ids: string[];
}
/**
 * Are you there?
 */
export interface PingMessage {
  type: "ping";
}
/**
 * Yes.
 */
export interface PongMessage {
  type: "pong";
}
/**
 * Work has gone on; ``rows`` are those that are new or have changed.
 */
export interface ProgressMessage {
  kind: "run" | "search" | "evaluation";
  id: string;
  status: "queued" | "running" | "done" | "failed" | "cancelled";
  seq: number;
  done: number;
  total: number;
  seconds: number;
  error: string;
  best: {
    [k: string]: unknown | undefined;
  };
  rows: {
    [k: string]: unknown | undefined;
  }[];
  type: "progress";
}
/**
 * Strokes wait for long: how many people's turns come until yours, and about how long it is.
 */
export interface QueueMessage {
  type: "queue";
  position: number;
  seconds: number;
}
/**
 * What it was about, the session or the account is gone; the socket closes.
 */
export interface RevokedMessage {
  type: "revoked";
}
/**
 * The photo as it stands; what came before no longer counts.
 */
export interface SnapshotMessage {
  photo: PhotoState;
  revision: number;
  hints: {
    [k: string]: unknown | undefined;
  };
  chroma: ChromaState | null;
  job: JobState | null;
  type: "snapshot";
}
/**
 * A full-size result is ready to be downloaded; width and height in its own pixels.
 */
export interface VersionMessage {
  type: "version";
  id: string;
  job: string;
  revision: number;
  width: number;
  height: number;
}
/**
 * Work as it stands, with all its rows; what came before no longer counts.
 */
export interface WorkSnapshotMessage {
  kind: "run" | "search" | "evaluation";
  id: string;
  status: "queued" | "running" | "done" | "failed" | "cancelled";
  seq: number;
  done: number;
  total: number;
  seconds: number;
  error: string;
  best: {
    [k: string]: unknown | undefined;
  };
  rows: {
    [k: string]: unknown | undefined;
  }[];
  type: "snapshot";
}
