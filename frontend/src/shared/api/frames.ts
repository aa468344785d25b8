/** What the site's websockets say, as src/generated/websocket.ts types it. */

/**
 * Read a frame of one of our own sockets.
 *
 * The schema holds the server to its types, so that only the kind is looked at here; a kind that
 * the page does not know is a newer server's and falls through its `switch`.
 *
 * @returns null for what is no frame.
 */
export function readFrame<Message extends { type: string }>(text: string): Message | null {
  try {
    const value = JSON.parse(text) as Partial<Message> | null;
    return typeof value?.type === "string" ? (value as Message) : null;
  } catch {
    return null;
  }
}
