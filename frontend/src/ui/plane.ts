import { html, type PropertyValues } from "lit";
import { customElement } from "lit/decorators.js";
import { hexToLab, labToHex, labToRgb, largestChroma } from "../engine/color.ts";
import { t } from "../i18n/page.ts";
import { StudioElement } from "./element.ts";

const COLUMNS = 180;
const ROWS = 60;
/** Beyond these, sRGB has hardly any colour left to choose from. */
const DARKEST = 42;
const BRIGHTEST = 82;
/** Radians and share a press of an arrow key. */
const HUE_STEP = Math.PI / 90;
const SATURATION_STEP = 0.02;

/** Every hue across, every saturation up, at the lightness of the spot last pointed at. */
@customElement("rehue-plane")
export class Plane extends StudioElement {
  #drawn = -1;
  /** Kept while the colour is grey, which has no hue. */
  #hue = 0;

  protected override render() {
    const { hue, saturation } = this.#position();
    const turn = hue / (2 * Math.PI);
    const place = `left:${turn * 100}%;top:${(1 - saturation) * 100}%;--swatch:${this.model.color}`;
    return html`
      <div
        class="plane"
        role="slider"
        tabindex="0"
        data-testid="color-plane"
        aria-label=${t.plane}
        aria-valuemin="0"
        aria-valuemax="360"
        aria-valuenow=${Math.round(turn * 360)}
        aria-valuetext=${t.planeValue(Math.round(turn * 360), Math.round(saturation * 100))}
        title=${t.planeHelp}
        @pointerdown=${this.#down}
        @pointermove=${this.#move}
        @pointerup=${this.#up}
        @keydown=${this.#key}
      >
        <canvas width=${COLUMNS} height=${ROWS}></canvas>
        <span class="plane-mark" .style=${place}></span>
      </div>
    `;
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    const lightness = Math.round(this.#lightness());
    if (lightness === this.#drawn) return;
    this.#drawn = lightness;
    const context = this.querySelector("canvas")?.getContext("2d");
    context?.putImageData(paint(lightness), 0, 0);
  }

  #lightness(): number {
    return Math.min(BRIGHTEST, Math.max(DARKEST, this.model.lightnessHere));
  }

  #position(): { hue: number; saturation: number } {
    const [, a, b] = hexToLab(this.model.color);
    const chroma = Math.hypot(a, b);
    if (chroma > 1.5) this.#hue = (Math.atan2(b, a) + 2 * Math.PI) % (2 * Math.PI);
    const most = Math.max(1, largestChroma(this.#lightness(), this.#hue));
    return { hue: this.#hue, saturation: Math.min(1, chroma / most) };
  }

  #choose(hue: number, saturation: number, done: boolean): void {
    this.#hue = Math.min(2 * Math.PI - 1e-4, Math.max(0, hue));
    const lightness = this.#lightness();
    const share = Math.min(1, Math.max(0, saturation));
    const chroma = share * largestChroma(lightness, this.#hue);
    const [a, b] = [chroma * Math.cos(this.#hue), chroma * Math.sin(this.#hue)];
    this.model.setColor(labToHex([lightness, a, b]), done);
  }

  #point(event: PointerEvent, done: boolean): void {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const across = (event.clientX - box.left) / box.width;
    this.#choose(across * 2 * Math.PI, 1 - (event.clientY - box.top) / box.height, done);
  }

  #down(event: PointerEvent): void {
    if (event.button !== 0) return;
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    this.#point(event, false);
  }

  #move(event: PointerEvent): void {
    if (event.buttons & 1) this.#point(event, false);
  }

  #up(event: PointerEvent): void {
    this.#point(event, true);
  }

  #key(event: KeyboardEvent): void {
    const { hue, saturation } = this.#position();
    const large = event.shiftKey ? 5 : 1;
    const step: Record<string, [number, number]> = {
      ArrowLeft: [-HUE_STEP, 0],
      ArrowRight: [HUE_STEP, 0],
      ArrowUp: [0, SATURATION_STEP],
      ArrowDown: [0, -SATURATION_STEP],
    };
    const [turn, more] = step[event.key] ?? [0, 0];
    if (turn === 0 && more === 0) return;
    event.preventDefault();
    this.#choose(hue + turn * large, saturation + more * large, true);
  }
}

function paint(lightness: number): ImageData {
  const image = new ImageData(COLUMNS, ROWS);
  for (let x = 0; x < COLUMNS; x++) {
    const hue = ((x + 0.5) / COLUMNS) * 2 * Math.PI;
    const most = largestChroma(lightness, hue);
    for (let y = 0; y < ROWS; y++) {
      const chroma = most * (1 - (y + 0.5) / ROWS);
      const rgb = labToRgb([lightness, chroma * Math.cos(hue), chroma * Math.sin(hue)]);
      image.data.set([...rgb.map((value) => Math.round(value * 255)), 255], (y * COLUMNS + x) * 4);
    }
  }
  return image;
}
