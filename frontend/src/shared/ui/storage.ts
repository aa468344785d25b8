/** Storage may be forbidden or full: the studio works without, the server has the hints. */

/** That of the site, or that of this tab. */
type Kind = "localStorage" | "sessionStorage";

export function recall(key: string, kind: Kind = "localStorage"): string | null {
  try {
    return window[kind].getItem(key);
  } catch {
    return null;
  }
}

export function store(key: string, value: string | null, kind: Kind = "localStorage"): void {
  try {
    if (value === null) window[kind].removeItem(key);
    else window[kind].setItem(key, value);
  } catch {
    // Nothing to do about it.
  }
}

/** The keys that begin so. */
export function storedKeys(prefix: string): string[] {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(prefix));
  } catch {
    return [];
  }
}
