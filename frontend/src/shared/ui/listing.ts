/** What the gallery last listed in this window, for the way from photo to photo and back. */

export interface Listing {
  /** The address' search: filters and order. */
  readonly search: string;
  readonly ids: readonly string[];
}

const KEY = "rehue:listing";

export function writeListing(listing: Listing): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(listing));
  } catch {
    // The studio asks the server instead.
  }
}

export function readListing(): Listing | null {
  try {
    const listing = JSON.parse(sessionStorage.getItem(KEY) ?? "null") as Listing | null;
    return listing && Array.isArray(listing.ids) ? listing : null;
  } catch {
    return null;
  }
}
