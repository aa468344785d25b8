import { html, type PropertyValues } from "lit";
import { customElement } from "lit/decorators.js";
import { hexToLab, labToHex, labToRgb, largestChroma } from "../../core/color.ts";
import { t } from "../messages.ts";
import { StudioElement } from "./element.ts";

const COLUMNS = 192;
const ROWS = 120;
/** Beyond these, sRGB has hardly any colour left to choose from. */
const DARKEST = 22;
const BRIGHTEST = 92;
/** CIELAB units a press of an arrow key. */
const STEP = 2;
/** Corners of the drawn edge of the gamut. */
const CORNERS = 96;
/** Air around the gamut. */
const AIR = 1.12;

/** The ab plane at the lightness of the place last pointed at, with the edge of what can show. */
@customElement("rehue-plane")
export class Plane extends StudioElement {
  #drawn = -1;

  protected override render() {
    const [, a, b] = hexToLab(this.model.color);
    const { unit, middle } = this.#scale();
    const hue = Math.round(((Math.atan2(b, a) * 180) / Math.PI + 360) % 360);
    const across = 50 + (100 * (a - middle.a)) / unit / COLUMNS;
    const down = 50 - (100 * (b - middle.b)) / unit / ROWS;
    // A colour that this brightness cannot show may lie far out.
    const place = `left:${within(across)}%;top:${within(down)}%`;
    return html`
      <div
        class="plane"
        role="slider"
        tabindex="0"
        data-testid="color-plane"
        aria-label=${t.plane}
        aria-valuemin="0"
        aria-valuemax="360"
        aria-valuenow=${hue}
        aria-valuetext=${t.planeValue(Math.round(a), Math.round(b))}
        title=${t.planeHelp}
        @pointerdown=${this.#down}
        @pointermove=${this.#move}
        @pointerup=${this.#up}
        @keydown=${this.#key}
      >
        <canvas width=${COLUMNS} height=${ROWS}></canvas>
        <span class="plane-mark" .style=${`${place};--swatch:${this.model.color}`}></span>
      </div>
    `;
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    const scale = this.#scale();
    const { lightness } = scale;
    if (lightness === this.#drawn) return;
    this.#drawn = lightness;
    const context = this.querySelector("canvas")?.getContext("2d");
    if (context) paint(context, scale);
  }

  /** The lightness that is shown, and how the plane lies around its gamut. */
  #scale(): Scale {
    return scaleAt(Math.round(Math.min(BRIGHTEST, Math.max(DARKEST, this.model.lightnessHere))));
  }

  /** Take the colour, or the strongest of its hue where there is none as strong. */
  #choose(a: number, b: number, done: boolean): void {
    const { lightness } = this.#scale();
    const hue = Math.atan2(b, a);
    const chroma = Math.min(Math.hypot(a, b), largestChroma(lightness, hue));
    const color = labToHex([lightness, chroma * Math.cos(hue), chroma * Math.sin(hue)]);
    this.model.setColor(color, done);
  }

  #point(event: PointerEvent, done: boolean): void {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const { unit, middle } = this.#scale();
    const across = (event.clientX - box.left) / box.width - 0.5;
    const down = (event.clientY - box.top) / box.height - 0.5;
    this.#choose(middle.a + across * COLUMNS * unit, middle.b - down * ROWS * unit, done);
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
    const step = event.shiftKey ? 5 * STEP : STEP;
    const steps: Record<string, [number, number]> = {
      ArrowLeft: [-step, 0],
      ArrowRight: [step, 0],
      ArrowUp: [0, step],
      ArrowDown: [0, -step],
    };
    const [da, db] = steps[event.key] ?? [0, 0];
    if (da === 0 && db === 0) return;
    event.preventDefault();
    const [, a, b] = hexToLab(this.model.color);
    this.#choose(a + da, b + db, true);
  }
}

function within(percent: number): number {
  return Math.min(100, Math.max(0, percent));
}

interface Scale {
  readonly lightness: number;
  /** The edge of the gamut: the strongest colours that sRGB has, all around. */
  readonly edge: readonly { readonly a: number; readonly b: number }[];
  readonly middle: { readonly a: number; readonly b: number };
  /** CIELAB units a pixel. */
  readonly unit: number;
}

const scales = new Map<number, Scale>();

function scaleAt(lightness: number): Scale {
  const known = scales.get(lightness);
  if (known) return known;
  const edge = Array.from({ length: CORNERS }, (_, at) => {
    const hue = (2 * Math.PI * at) / CORNERS;
    const chroma = largestChroma(lightness, hue);
    return { a: chroma * Math.cos(hue), b: chroma * Math.sin(hue) };
  });
  const [left, right] = bounds(edge.map(({ a }) => a));
  const [bottom, top] = bounds(edge.map(({ b }) => b));
  const unit = AIR * Math.max((right - left) / COLUMNS, (top - bottom) / ROWS);
  const scale = { lightness, edge, unit, middle: { a: (left + right) / 2, b: (bottom + top) / 2 } };
  scales.set(lightness, scale);
  return scale;
}

function bounds(values: readonly number[]): [number, number] {
  return [Math.min(...values), Math.max(...values)];
}

function paint(context: CanvasRenderingContext2D, scale: Scale): void {
  const { lightness, edge, middle, unit } = scale;
  const image = new ImageData(COLUMNS, ROWS);
  for (let y = 0; y < ROWS; y++) {
    for (let x = 0; x < COLUMNS; x++) {
      const a = middle.a + (x + 0.5 - COLUMNS / 2) * unit;
      const b = middle.b + (ROWS / 2 - y - 0.5) * unit;
      const rgb = labToRgb([lightness, a, b]).map((value) => Math.round(value * 255));
      image.data.set([...rgb, 255], (y * COLUMNS + x) * 4);
    }
  }
  context.putImageData(image, 0, 0);
  // What no screen shows is faint beyond the drawn edge.
  const gamut = new Path2D();
  for (const { a, b } of edge) {
    gamut.lineTo(COLUMNS / 2 + (a - middle.a) / unit, ROWS / 2 - (b - middle.b) / unit);
  }
  gamut.closePath();
  const beyond = new Path2D(gamut);
  beyond.rect(0, 0, COLUMNS, ROWS);
  context.fillStyle = "rgb(128 128 128 / 82%)";
  context.fill(beyond, "evenodd");
  context.strokeStyle = "rgb(255 255 255 / 90%)";
  context.lineWidth = 1.25;
  context.stroke(gamut);
}
