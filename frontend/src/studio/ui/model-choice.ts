import { html, nothing } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { ProblemError, requestJson } from "../../shared/api/http.ts";
import { t } from "../messages.ts";
import { StudioElement } from "./element.ts";

interface PhotoModel {
  readonly id: string;
  readonly name: string;
  readonly colors_it: boolean;
  readonly url: string;
  readonly figures: Readonly<Record<string, number>>;
}

/** `picture` is the address of the photo as the model colours it; empty where it could not. */
interface Trial {
  readonly picture: string;
  readonly milliseconds: number;
}

/** Which model coloured the photo, and a grid of all models on it to choose another one. */
@customElement("rehue-model")
export class ModelChoice extends StudioElement {
  @state() private models: readonly PhotoModel[] = [];
  @state() private trials: ReadonlyMap<string, Trial> = new Map();
  @query("dialog") private dialog!: HTMLDialogElement;

  protected override render() {
    const { model: name } = this.model.colors;
    return html`
      <section class="model-choice" aria-label=${t.model}>
        <h2>${t.model}</h2>
        ${name ? html`<p class="quiet" data-testid="colored-by">${t.coloredBy(name)}</p>` : nothing}
        <button class="button" type="button" data-testid="models-open" @click=${() => void this.#open()}>${t.compareModels}</button>
        <dialog class="ask model-dialog" data-testid="model-dialog" aria-labelledby="model-title">
          <h2 id="model-title">${t.model}</h2>
          <p class="quiet">${t.compareModelsHelp}</p>
          <ul class="model-grid">${this.models.map((model) => this.#card(model))}</ul>
          <p class="dialog-end">
            <button class="button" type="button" @click=${() => this.dialog.close()}>${t.close}</button>
          </p>
        </dialog>
      </section>
    `;
  }

  #card(model: PhotoModel) {
    const trial = this.trials.get(model.id);
    const { "psnr@0": none, "psnr@10": ten } = model.figures;
    const { width, height } = this.model.photo;
    const told = none !== undefined && ten !== undefined;
    return html`
      <li data-testid="model-card" ?data-current=${model.colors_it}>
        <div class="model-picture" .style=${`aspect-ratio:${width} / ${height}`}>
          ${trial?.picture ? html`<img src=${trial.picture} alt=${t.coloredBy(model.name)} />` : nothing}
          ${trial ? nothing : html`<span class="quiet">${t.colouring}</span>`}
          ${trial && !trial.picture ? html`<span class="quiet">${t.modelFailed}</span>` : nothing}
        </div>
        <p><strong>${model.name}</strong> <a href=${model.url} target="_blank">${t.modelCard}</a></p>
        ${told ? html`<p class="small-print" title=${t.modelFiguresTitle}>${t.modelFigures(none, ten)}</p>` : nothing}
        <p class="small-print">${trial?.picture ? t.modelTime(trial.milliseconds) : " "}</p>
        <button class="button ${model.colors_it ? "" : "primary"}" type="button" data-testid="model-use"
          ?disabled=${model.colors_it} @click=${() => void this.#use(model)}>
          ${model.colors_it ? t.modelInUse : t.useModel}
        </button>
      </li>
    `;
  }

  async #open(): Promise<void> {
    this.trials = new Map();
    this.dialog.showModal();
    try {
      this.#take(await requestJson("GET", this.model.config.urls.models));
    } catch (error) {
      return this.#failed(error);
    }
    for (const { id } of this.models) {
      if (!this.dialog.open) return;
      this.trials = new Map(this.trials).set(id, await this.#try(id));
    }
  }

  async #try(id: string): Promise<Trial> {
    try {
      const url = `${this.model.config.urls.models}/${id}/trial`;
      const { data, seconds } = await requestJson<{ data: string; seconds: number }>("GET", url);
      const milliseconds = Math.round(seconds * 1000);
      return { picture: `data:image/jpeg;base64,${data}`, milliseconds };
    } catch {
      return { picture: "", milliseconds: 0 };
    }
  }

  async #use({ id, name }: PhotoModel): Promise<void> {
    try {
      this.#take(await requestJson("PUT", this.model.config.urls.model, { model: id }));
      this.dialog.close();
      this.model.notices.show("info", t.modelChosen(name));
    } catch (error) {
      this.#failed(error);
    }
  }

  #take({ models }: { models: readonly PhotoModel[] }): void {
    this.models = models;
  }

  #failed(error: unknown): void {
    const detail = error instanceof ProblemError ? error.detail : "";
    this.model.notices.show("error", detail || t.versionsFailed);
  }
}
