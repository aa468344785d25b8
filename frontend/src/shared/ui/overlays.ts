/** What lies open over a page and is closed by the next click beside it, or by Escape. */

const open = new Set<() => void>();

/** @returns what to call once it is closed. */
export function openedOverlay(close: () => void): () => void {
  open.add(close);
  return () => open.delete(close);
}

/** @returns whether anything was open: the click or key that closed it means nothing else. */
export function closeOverlays(): boolean {
  const popovers = document.querySelectorAll<HTMLElement>(":popover-open");
  const closed = open.size + popovers.length > 0;
  for (const popover of popovers) popover.hidePopover();
  for (const close of [...open]) close();
  open.clear();
  return closed;
}
