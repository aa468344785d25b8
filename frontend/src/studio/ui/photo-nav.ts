import { html } from "lit";
import { customElement, state } from "lit/decorators.js";
import { type IconName, icon } from "../../shared/ui/icons.ts";
import { t } from "../messages.ts";
import { galleryAddress, type Neighbours, readNeighbours } from "../neighbours.ts";
import { StudioElement } from "./element.ts";

/** Back to the gallery, and to the photos beside this one. */
@customElement("rehue-photo-nav")
export class PhotoNav extends StudioElement {
  @state() private neighbours: Neighbours | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.read().catch(() => null);
  }

  async read(): Promise<Neighbours> {
    this.neighbours ??= await readNeighbours(this.model.config.photo.id);
    return this.neighbours;
  }

  protected override render() {
    const { id } = this.model.config.photo;
    return html`
      <nav class="photo-nav" aria-label=${t.photos}>
        <a class="icon-button" href=${galleryAddress(id)} data-testid="to-gallery" aria-label=${t.toGallery} title=${t.toGallery}>
          ${icon("grid")}
        </a>
        ${this.#step("previous", t.previousPhoto, "Page Up")}
        ${this.#step("next", t.nextPhoto, "Page Down")}
      </nav>
    `;
  }

  #step(to: keyof Neighbours & IconName, words: string, key: string) {
    const address = this.neighbours?.[to];
    if (!address) {
      return html`<span class="icon-button" aria-hidden="true" data-disabled>${icon(to)}</span>`;
    }
    return html`
      <a class="icon-button" href=${address} data-testid="${to}-photo" aria-label=${words} title="${words} (${key})">
        ${icon(to)}
      </a>
    `;
  }
}
