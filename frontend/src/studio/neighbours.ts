/** The photos before and after this one, as the gallery last listed them; else as it lists by itself. */
import { requestJson } from "../shared/api/http.ts";
import { readListing } from "../shared/ui/listing.ts";

export interface Neighbours {
  readonly previous: string | null;
  readonly next: string | null;
}

export async function readNeighbours(photo: string): Promise<Neighbours> {
  const listed = readListing()?.ids ?? [];
  const ids = listed.includes(photo) ? listed : await readIds();
  const at = ids.indexOf(photo);
  if (at < 0) return { previous: null, next: null };
  return { previous: addressOf(ids[at - 1]), next: addressOf(ids[at + 1]) };
}

/** The gallery where the photo lies, with the search that led here. */
export function galleryAddress(photo: string): string {
  const listing = readListing();
  const search = new URLSearchParams(listing?.ids.includes(photo) ? listing.search : "");
  search.set("at", photo);
  return `/photos?${search}`;
}

async function readIds(): Promise<readonly string[]> {
  const { ids } = await requestJson<{ ids: readonly string[] }>("GET", "/api/photos/ids");
  return ids;
}

function addressOf(id: string | undefined): string | null {
  return id ? `/photos/${id}` : null;
}
