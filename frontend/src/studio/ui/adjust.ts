import { html, nothing } from "lit";
import { customElement } from "lit/decorators.js";
import { NEUTRAL } from "../../core/hints.ts";
import { t } from "../messages.ts";
import { StudioElement } from "./element.ts";
import { range } from "./range.ts";

/** What is set for the whole photo: vividness, warmth, reach. */
@customElement("rehue-adjust")
export class Adjust extends StudioElement {
  protected override render() {
    const { model } = this;
    if (!model.controllable) return nothing;
    const { reach, vividness, warmth } = model.editor.hints.controls;
    const percent = (value: number) => Math.round(value * 100);
    return html`
      <section class="adjust" aria-label=${t.adjust}>
        <h2>${t.adjust}</h2>
        ${range({
          id: "vividness",
          name: t.vividness,
          min: 0,
          max: 200,
          value: percent(vividness),
          text: `${percent(vividness)} %`,
          initial: percent(NEUTRAL.vividness),
          set: (value, done) => model.editor.control({ vividness: value / 100 }, done),
        })}
        ${range({
          id: "warmth",
          name: t.warmth,
          min: -100,
          max: 100,
          value: percent(warmth),
          text: signed(percent(warmth)),
          initial: percent(NEUTRAL.warmth),
          set: (value, done) => model.editor.control({ warmth: value / 100 }, done),
        })}
        ${range({
          id: "reach",
          name: t.reach,
          min: 0,
          max: 100,
          value: percent(reach),
          text: `${percent(reach)} %`,
          ends: [t.reachThis, t.reachAll],
          initial: percent(NEUTRAL.reach),
          set: (value, done) => model.editor.control({ reach: value / 100 }, done),
        })}
        <p class="quiet small-print">${t.resetHelp}</p>
      </section>
    `;
  }
}

function signed(value: number): string {
  return value > 0 ? `+${value}` : String(value);
}
