import {
  CategoryScale,
  Chart,
  type ChartConfiguration,
  type ChartDataset,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  Tooltip,
} from "chart.js";
import { type ChartData, categories, describe, isMarked, looked, shown } from "./chart-data.ts";
import { legendEntry } from "./chart-legend.ts";

Chart.register(
  CategoryScale,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  Tooltip,
);

Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
Chart.defaults.font.size = 13;

const SCALES = { linear: "linear", log: "logarithmic", category: "category" } as const;
const MARKER = 4;

type Spot = { x: number; y: number };
type Configuration = ChartConfiguration<"line", Spot[]>;

/**
 * Lines over an axis, from the JSON in its `<script type="application/json">` child.
 *
 * Setting `data` draws it again. Colours are those of lab.css and follow the theme.
 */
export class RehueChart extends HTMLElement {
  #data: ChartData | null = null;
  #chart: Chart<"line", Spot[]> | null = null;
  #themes = new AbortController();
  readonly #switch = new MutationObserver(() => this.#draw());
  readonly #title = part("p", "chart-title");
  readonly #legend = part("ul", "chart-legend");
  readonly #unit = part("p", "chart-unit");
  readonly #frame = part("div", "chart-frame");

  connectedCallback(): void {
    this.append(this.#title, this.#legend, this.#unit, this.#frame);
    this.#switch.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    this.#themes = new AbortController();
    const { signal } = this.#themes;
    const system = matchMedia("(prefers-color-scheme: dark)");
    system.addEventListener("change", () => this.#draw(), { signal });
    const source = this.querySelector('script[type="application/json"]')?.textContent;
    if (!this.#data && source) this.#data = JSON.parse(source) as ChartData;
    this.#draw();
  }

  disconnectedCallback(): void {
    this.#switch.disconnect();
    this.#themes.abort();
    this.#chart?.destroy();
    this.#chart = null;
  }

  get data(): ChartData | null {
    return this.#data;
  }

  set data(data: ChartData | null) {
    this.#data = data;
    this.#draw();
  }

  #draw(): void {
    const data = this.#data;
    if (!data || !this.isConnected) return;
    this.#title.textContent = data.title;
    this.#unit.textContent = data.y.label;
    this.#legend.replaceChildren(...looked(data.series).map(legendEntry));
    const colours = [...this.#legend.children].map((item) => getComputedStyle(item).color);
    const configuration = configure(data, colours, getComputedStyle(this));
    if (this.#chart) {
      this.#chart.data = configuration.data;
      this.#chart.options = configuration.options ?? {};
      this.#chart.update("none");
    } else {
      const canvas = document.createElement("canvas");
      this.#frame.replaceChildren(canvas);
      this.#chart = new Chart(canvas, configuration);
    }
    this.#chart.canvas.role = "img";
    this.#chart.canvas.ariaLabel = describe(data);
  }
}

customElements.define("rehue-chart", RehueChart);

function part(tag: string, className: string): HTMLElement {
  const element = document.createElement(tag);
  element.className = className;
  return element;
}

function configure(
  data: ChartData,
  colours: readonly string[],
  style: CSSStyleDeclaration,
): Configuration {
  const { kind, label } = data.x;
  const ticks = { color: style.color, maxRotation: 0, autoSkipPadding: 12 };
  return {
    type: "line",
    data: {
      labels: kind === "category" ? categories(data.series) : [],
      datasets: datasets(data, colours),
    },
    options: {
      animation: false,
      maintainAspectRatio: false,
      locale: document.documentElement.lang,
      interaction: { mode: kind === "category" ? "index" : "nearest", axis: "x", intersect: false },
      scales: {
        x: {
          type: SCALES[kind],
          offset: kind === "category",
          title: { display: label !== "", text: label, color: style.color },
          grid: { display: false },
          border: { color: style.getPropertyValue("--line-strong") },
          ticks,
        },
        y: {
          type: "linear",
          grid: { color: style.getPropertyValue("--line") },
          border: { display: false },
          ticks,
        },
      },
      plugins: { tooltip: tooltip(style) },
    },
  };
}

function datasets(data: ChartData, colours: readonly string[]): ChartDataset<"line", Spot[]>[] {
  const { kind } = data.x;
  return looked(data.series).map(({ series, look }, n) => {
    const points = shown(series, kind);
    return {
      label: series.name,
      // Chart.js takes names on a category axis; its types know of numbers only.
      data: points.map(([x, y]) => ({ x: (kind === "category" ? String(x) : x) as number, y })),
      borderColor: colours[n],
      backgroundColor: colours[n],
      borderDash: [...look.dash],
      borderWidth: series.muted ? 1.5 : 2.25,
      pointStyle: look.marker,
      pointRadius: ({ dataIndex }) => (isMarked(dataIndex, points.length) ? MARKER : 0),
      pointHoverRadius: MARKER + 1,
    };
  });
}

function tooltip(style: CSSStyleDeclaration) {
  const ink = style.getPropertyValue("--ink");
  return {
    backgroundColor: style.getPropertyValue("--surface"),
    borderColor: style.getPropertyValue("--line-strong"),
    borderWidth: 1,
    titleColor: ink,
    bodyColor: ink,
    usePointStyle: true,
    itemSort: (a: { parsed: { y: number | null } }, b: { parsed: { y: number | null } }) =>
      (b.parsed.y ?? 0) - (a.parsed.y ?? 0),
  };
}
