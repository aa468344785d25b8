/**
 * Fetch the page again and put its parts (`data-part`) in the place of those in `root`.
 *
 * What depends on where something stands, such as its buttons and results, is the server's to draw.
 */
export async function refreshParts(root: HTMLElement): Promise<void> {
  const response = await fetch(location.href).catch(() => null);
  if (!response?.ok) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  for (const part of root.querySelectorAll<HTMLElement>("[data-part]")) {
    const fresh = page.querySelector(`[data-part="${part.dataset.part}"]`);
    if (fresh && fresh.innerHTML !== part.innerHTML) part.replaceChildren(...fresh.childNodes);
  }
}
