import { html } from "lit";

export interface Range {
  readonly id: string;
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly value: number;
  readonly text: string;
  /** What each end means, where the number says little. */
  readonly ends?: readonly [string, string];
  /** A double click goes back there. */
  readonly initial?: number;
  set(value: number, done: boolean): void;
}

/** A slider in the panel: live while dragged, one step of the history when let go. */
export function range(options: Range) {
  const { id, name, min, max, value, text, ends, initial, set } = options;
  const read = (event: Event) => Number((event.currentTarget as HTMLInputElement).value);
  const reset = () => initial !== undefined && set(initial, true);
  return html`
    <label class="size" data-testid="${id}-row">
      <span class="size-name">${name}</span>
      <input
        type="range"
        data-testid=${id}
        min=${min}
        max=${max}
        step="1"
        .value=${String(value)}
        aria-valuetext=${text}
        @input=${(event: Event) => set(read(event), false)}
        @change=${(event: Event) => set(read(event), true)}
        @dblclick=${reset}
      />
      <output class="size-value">${text}</output>
      ${ends ? html`<span class="size-ends" aria-hidden="true"><span>${ends[0]}</span><span>${ends[1]}</span></span>` : ""}
    </label>
  `;
}
