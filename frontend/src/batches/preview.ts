/** The sample in the palette's colours, as the model sees it: asked for, waited for, or let go. */
import { problem, requestJson } from "../shared/api/http.ts";

/** The longer side of what is sent: the network sees 256 pixels, the page shows some 400. */
const LONGEST = 400;
const POLL = 250;
/** Colours are picked by dragging: the first moment without a change counts. */
const PAUSE = 400;

export interface Tried {
  /** Of a palette; else ``references`` are tried. */
  readonly regions?: readonly unknown[];
  /** Ids of photos whose colours are taken. */
  readonly references?: readonly string[];
  /** Of their colours, from 0 to 1. */
  readonly strength?: number;
  /** The name of a model; empty for the live one. */
  readonly model: string;
}

interface Asked {
  readonly image_url: string;
}

/** One preview at a time: a new wish takes the place of the one before. */
export class Previews {
  #timer = 0;
  #turn = 0;

  /**
   * @param show gets the address of the picture in colour, for whoever shows it to revoke.
   * @param fail gets what went wrong; the places can be seen without colours.
   */
  constructor(
    readonly url: string,
    readonly show: (address: string) => void,
    readonly fail: (error: unknown) => void,
  ) {}

  /** Colour a picture on the page with a palette, after a moment without another wish. */
  ask(picture: HTMLImageElement, tried: Tried): void {
    this.stop();
    const turn = this.#turn;
    this.#timer = window.setTimeout(() => void this.#make(picture, tried, turn), PAUSE);
  }

  stop(): void {
    window.clearTimeout(this.#timer);
    this.#turn++;
  }

  async #make(picture: HTMLImageElement, tried: Tried, turn: number): Promise<void> {
    try {
      const { regions, references, strength, model } = tried;
      const hints = regions ? { palette: { regions } } : { references, strength };
      const body = { sample: sampleOf(picture), ...hints, model: model || null };
      const { image_url } = await requestJson<Asked>("POST", this.url, body);
      while (turn === this.#turn) {
        const image = await fetched(image_url);
        if (turn !== this.#turn) return;
        if (image) return this.show(URL.createObjectURL(image));
        await new Promise((resolve) => window.setTimeout(resolve, POLL));
      }
    } catch (error) {
      if (turn === this.#turn) this.fail(error);
    }
  }
}

/** @returns null while the picture is being made. */
async function fetched(address: string): Promise<Blob | null> {
  const response = await fetch(address, { credentials: "same-origin" });
  if (response.status === 202) return null;
  if (!response.ok) throw problem(response.status, await response.text());
  return response.blob();
}

/** The picture as a small JPEG in base64. */
function sampleOf(picture: HTMLImageElement): string {
  const { naturalWidth, naturalHeight } = picture;
  const scale = Math.min(1, LONGEST / Math.max(naturalWidth, naturalHeight));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(naturalWidth * scale));
  canvas.height = Math.max(1, Math.round(naturalHeight * scale));
  canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL("image/jpeg", 0.9).split(",")[1] ?? "";
}
