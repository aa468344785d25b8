import { html, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import { ProblemError } from "../../shared/api/http.ts";
import { t } from "../messages.ts";
import {
  changesOf,
  coordinatesInWords,
  dateInWords,
  deviceInWords,
  type MetadataOut,
  placeInWords,
} from "../metadata.ts";
import { changePhoto } from "../versions.ts";
import { StudioElement } from "./element.ts";

/** What is known about the photo: read from its file, changed by hand, carried into results. */
@customElement("rehue-details")
export class Details extends StudioElement {
  @state() private known: MetadataOut = this.model.config.photo.metadata ?? {};
  @state() private problem = "";

  protected override render() {
    const rows = this.#rows();
    return html`
      <details class="versions" data-testid="details">
        <summary><h2>${t.details}</h2></summary>
        ${rows.length ? nothing : html`<p class="quiet">${t.nothingKnown}</p>`}
        <dl class="known">
          ${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}
        </dl>
        <button class="button small" type="button" data-testid="details-edit" @click=${() => this.#ask()}>
          ${t.editDetails}
        </button>
      </details>
      ${this.#dialog()}
    `;
  }

  #rows(): readonly (readonly [string, string])[] {
    const { known } = this;
    const language = document.documentElement.lang;
    const place = placeInWords(known);
    const coordinates = coordinatesInWords(known);
    const { page = 1, pages = 1 } = this.model.config.photo;
    const rows: (readonly [string, string | undefined])[] = [
      [t.known.title, known.title],
      [t.known.caption, known.caption],
      [t.known.taken, known.taken && dateInWords(known.taken, language)],
      [t.known.people, known.people?.join(", ")],
      [t.known.place, place],
      [t.known.coordinates, coordinates === place ? "" : coordinates],
      [t.known.device, deviceInWords(known)],
      [t.known.digitized, known.digitized && dateInWords(known.digitized, language)],
      [t.known.creator, known.creator?.join(", ")],
      [t.known.source, known.source],
      [t.known.copyright, known.copyright],
      [t.known.keywords, known.keywords?.join(", ")],
      [t.known.page, pages > 1 ? t.pageOf(page, pages) : ""],
    ];
    return rows.filter((row): row is readonly [string, string] => Boolean(row[1]));
  }

  #dialog() {
    const { known } = this;
    const field = (name: keyof typeof t.known, value = "", more: { hint?: string } = {}) => html`
      <label class="field-line">${t.known[name]}
        <input name=${name} .defaultValue=${value} maxlength="200" autocomplete="off" placeholder=${more.hint ?? nothing} data-testid="known-${name}" />
      </label>
    `;
    return html`
      <dialog class="form-dialog" data-testid="details-dialog" aria-label=${t.details}>
        <form method="dialog" @submit=${(event: SubmitEvent) => void this.#save(event)}>
          <h2>${t.details}</h2>
          ${field("title", known.title)}
          <label class="field-line">${t.known.caption}
            <textarea name="caption" rows="3" maxlength="5000" .defaultValue=${known.caption ?? ""} data-testid="known-caption"></textarea>
          </label>
          ${field("taken", known.taken, { hint: t.dateHint })}
          ${field("people", known.people?.join(", "), { hint: t.peopleHint })}
          <div class="field-pair">
            ${field("location", known.location)} ${field("city", known.city)}
            ${field("state", known.state)} ${field("country", known.country)}
          </div>
          ${
            coordinatesInWords(known)
              ? html`<label class="field-check"><input type="checkbox" name="forget_coordinates" /> ${t.forgetCoordinates(coordinatesInWords(known))}</label>`
              : nothing
          }
          <p class="quiet">${t.detailsNote}</p>
          <p class="form-problem" role="alert" ?hidden=${!this.problem}>${this.problem}</p>
          <p class="dialog-end">
            <button class="button" type="button" @click=${() => this.#host?.close()}>${t.cancel}</button>
            <button class="button primary" type="submit" data-testid="details-save">${t.save}</button>
          </p>
        </form>
      </dialog>
    `;
  }

  get #host(): HTMLDialogElement | null {
    return this.querySelector("dialog");
  }

  #ask(): void {
    this.problem = "";
    this.querySelector("form")?.reset();
    this.#host?.showModal();
  }

  /** The dialog stays open with what was typed until the server has it. */
  async #save(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const changes = changesOf(new FormData(event.currentTarget as HTMLFormElement));
    try {
      const photo = await changePhoto(this.model.config.urls.photo, { metadata: changes });
      this.known = photo.metadata;
      this.#host?.close();
      this.model.notices.show("info", t.detailsSaved);
    } catch (error) {
      this.problem = (error instanceof ProblemError && error.detail) || t.photoUnchanged;
    }
  }
}
