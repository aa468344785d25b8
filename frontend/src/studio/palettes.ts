/** One's palettes on the server, and which palette is in view. */
import type { PaletteOut, PalettesOut } from "../generated/api.ts";
import { ProblemError, requestJson } from "../shared/api/http.ts";
import { recall, store } from "../shared/ui/storage.ts";
import { t } from "./messages.ts";

const KEY = "rehue:palette";
const ADDRESS = "/api/palettes";
/** Some of all starters. */
export const ALL = "all";

export class Palettes {
  list: readonly PaletteOut[] = [];
  /** A thing of the starters, the id of one's own, or ALL. */
  view = recall(KEY) ?? ALL;
  /** What the server would not do, for people to read. */
  problem = "";
  #asked = false;

  /** @param isGuest guests have no palettes on the server. */
  constructor(
    readonly changed: () => void,
    readonly isGuest: boolean,
  ) {}

  /** One's own that is in view. */
  get own(): PaletteOut | null {
    return this.list.find(({ id }) => id === this.view) ?? null;
  }

  look(view: string): void {
    this.view = view;
    this.problem = "";
    store(KEY, view);
    this.changed();
  }

  /** Fetch them, once. */
  async load(): Promise<void> {
    if (this.#asked || this.isGuest) return;
    this.#asked = true;
    await this.#attempt(async () => {
      this.list = (await requestJson<PalettesOut>("GET", ADDRESS)).palettes;
    });
  }

  /** @returns whether it is kept; ``problem`` says why not. */
  async add(name: string, colors: readonly string[]): Promise<boolean> {
    return this.#attempt(async () => {
      const palette = await requestJson<PaletteOut>("POST", ADDRESS, { name, colors });
      this.#put(palette);
      this.look(palette.id);
    });
  }

  change(palette: PaletteOut, changes: { name?: string; colors?: string[] }): Promise<boolean> {
    return this.#attempt(async () => {
      this.#put(await requestJson<PaletteOut>("PATCH", `${ADDRESS}/${palette.id}`, changes));
    });
  }

  remove(palette: PaletteOut): Promise<boolean> {
    return this.#attempt(async () => {
      await requestJson("DELETE", `${ADDRESS}/${palette.id}`);
      this.#drop(palette);
    });
  }

  share(palette: PaletteOut): Promise<boolean> {
    return this.#attempt(async () => {
      this.#put(await requestJson<PaletteOut>("POST", `${ADDRESS}/${palette.id}/share`));
    });
  }

  revoke(palette: PaletteOut): Promise<boolean> {
    return this.#attempt(async () => {
      await requestJson("DELETE", `${ADDRESS}/${palette.id}/share`);
      this.#put({ ...palette, url: null });
    });
  }

  #put(palette: PaletteOut): void {
    const others = this.list.filter(({ id }) => id !== palette.id);
    this.list = [...others, palette].sort((a, b) => a.name.localeCompare(b.name));
  }

  #drop({ id }: PaletteOut): void {
    this.list = this.list.filter((other) => other.id !== id);
    if (this.view === id) this.look(ALL);
  }

  async #attempt(act: () => Promise<void>): Promise<boolean> {
    this.problem = "";
    try {
      await act();
    } catch (error) {
      this.problem = (error instanceof ProblemError && error.detail) || t.palettesFailed;
    }
    this.changed();
    return !this.problem;
  }
}
