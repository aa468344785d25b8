/** Three photos of the batch in the colours of others, one after the other, before it is made. */
import { html, LitElement, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import { ProblemError } from "../shared/api/http.ts";
import { readConfig } from "./config.ts";
import { t } from "./messages.ts";
import { Previews, type Tried } from "./preview.ts";

export const SAMPLES = 3;

@customElement("rehue-like")
export class LikePreview extends LitElement {
  @state() private samples: readonly string[] = [];
  @state() private colored: readonly string[] = [];
  @state() private words = "";
  #tried: Tried = { model: "" };
  #wish = "";
  readonly #previews = new Previews(
    readConfig().urls.previews,
    (address) => this.#take(address),
    (error) => {
      this.words = (error instanceof ProblemError && error.detail) || t.likeFailed;
    },
  );

  /**
   * @param samples addresses of pictures.
   * @param tried the references, their strength, and the model.
   */
  look(samples: readonly string[], tried: Tried): void {
    const wish = JSON.stringify([samples, tried]);
    if (wish === this.#wish) return;
    this.#wish = wish;
    this.#clear();
    this.samples = samples.slice(0, SAMPLES);
    this.#tried = tried;
    void this.updateComplete.then(() => this.#next());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#clear();
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render() {
    if (!this.samples.length) return html`<p class="field-help">${t.likeNoSample}</p>`;
    return html`
      <ul class="like-samples">
        ${this.samples.map((address, at) => {
          const colored = this.colored[at];
          return html`<li>
            <img class="like-sample" src=${address} alt="" @load=${() => this.#next()} />
            ${colored ? html`<img class="like-colored" src=${colored} alt=${t.likeColoured(at + 1)} data-testid="like-coloured" />` : nothing}
          </li>`;
        })}
      </ul>
      <p class="field-help" role="status">${this.words || t.likePreview}</p>
    `;
  }

  /** Ask for the first one that has no colours yet, once its picture is there. */
  #next(): void {
    const picture = this.querySelectorAll<HTMLImageElement>(".like-sample")[this.colored.length];
    if (!picture?.complete || !picture.naturalWidth || !this.#tried.references?.length) return;
    this.#previews.ask(picture, this.#tried);
  }

  #take(address: string): void {
    this.colored = [...this.colored, address];
    void this.updateComplete.then(() => this.#next());
  }

  #clear(): void {
    this.#previews.stop();
    for (const address of this.colored) URL.revokeObjectURL(address);
    this.colored = [];
    this.words = "";
  }
}
