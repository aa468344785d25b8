/** The colours used last. */

export const RECENT_COUNT = 8;

/** The newest first, each once. */
export function remember(recent: readonly string[], color: string): string[] {
  return [color, ...recent.filter((old) => old !== color)].slice(0, RECENT_COUNT);
}
