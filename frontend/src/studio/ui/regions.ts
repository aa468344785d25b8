import { html, nothing } from "lit";
import { customElement } from "lit/decorators.js";
import { MAX_REGION_NAME, type Region } from "../../core/hints.ts";
import { icon } from "../../shared/ui/icons.ts";
import { t } from "../messages.ts";
import { StudioElement } from "./element.ts";

/** "Only here": the outlines on the photo, to be named, hidden and deleted. */
@customElement("rehue-regions")
export class Regions extends StudioElement {
  protected override render() {
    const { regions } = this.model.editor.hints;
    if (!this.model.controllable) return nothing;
    return html`
      <section class="regions" aria-label=${t.regions}>
        <h2>${t.regions} <span class="count">${regions.length}</span></h2>
        ${regions.length === 0 ? html`<p class="quiet">${t.noRegions}</p>` : nothing}
        <ul class="hint-list">${regions.map((region, index) => this.#row(region, index))}</ul>
      </section>
    `;
  }

  #row(region: Region, index: number) {
    const { model } = this;
    const { hints } = model.editor;
    const name = region.name || t.regionName(index + 1);
    const hidden = model.hiddenRegions.has(index);
    const count = hints.hints.filter((hint) => hint.region === index).length;
    const rename = (event: Event) => {
      const value = (event.currentTarget as HTMLInputElement).value.trim();
      model.editor.commit(hints.replaceRegion(index, { ...region, name: value || name }));
    };
    const shows = hidden ? t.showRegion(name) : t.hideRegion(name);
    return html`
      <li class="hint-row" data-testid="region-item">
        <input
          class="region-name"
          data-testid="region-name"
          maxlength=${MAX_REGION_NAME}
          aria-label=${t.regionNameLabel}
          .value=${name}
          @change=${rename}
        />
        <span class="hint-place">${t.regionHints(count)}</span>
        <button class="icon-button small" type="button" data-testid="region-hide" aria-label=${shows}
          title=${shows} @click=${() => model.toggleRegion(index)}>${icon(hidden ? "eyeOff" : "eye")}</button>
        <button class="icon-button small" type="button" data-testid="region-delete" aria-label=${t.deleteHint(name)}
          title=${t.deleteHint(name)} @click=${() => model.removeRegion(index)}>${icon("close")}</button>
      </li>
    `;
  }
}
