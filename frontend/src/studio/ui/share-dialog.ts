import { html, nothing } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { ProblemError, requestJson } from "../../shared/api/http.ts";
import { icon } from "../../shared/ui/icons.ts";
import { t } from "../messages.ts";
import { StudioElement } from "./element.ts";

interface Share {
  readonly id: string;
  readonly url: string;
  readonly has_password: boolean;
  readonly expires_at: string | null;
}

/** Days after which a link ends; 0 for never. */
const DAYS = [1, 7, 30, 365, 0];
const USUAL_DAYS = 30;

/** Links that show the photo and its colours: made, copied, taken back. */
@customElement("rehue-share")
export class ShareDialog extends StudioElement {
  @state() private shares: readonly Share[] = [];
  @state() private problem = "";
  @state() private copied = "";
  @query("dialog") private dialog!: HTMLDialogElement;
  readonly #show = () => void this.#open();

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("rehue-share", this.#show);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("rehue-share", this.#show);
  }

  protected override render() {
    return html`
      <dialog class="ask share-dialog" data-testid="share-dialog" aria-labelledby="share-title">
        <h2 id="share-title">${t.shareTitle}</h2>
        <p class="quiet">${t.shareHelp}</p>
        <ul class="share-list">${this.shares.map((share) => this.#row(share))}</ul>
        <form @submit=${this.#make}>
          <label>${t.shareEnds}
            <select name="days" data-testid="share-days">
              ${DAYS.map((days) => html`<option value=${days} ?selected=${days === USUAL_DAYS}>${t.shareDays(days)}</option>`)}
            </select>
          </label>
          <label>${t.sharePassword}
            <input name="password" type="text" maxlength="200" autocomplete="off" data-testid="share-password" />
          </label>
          ${this.problem ? html`<p class="field-error" role="alert" data-testid="share-problem">${this.problem}</p>` : nothing}
          <p class="dialog-end">
            <button class="button" type="button" @click=${() => this.dialog.close()}>${t.close}</button>
            <button class="button primary" type="submit" data-testid="share-make">${t.makeLink}</button>
          </p>
        </form>
      </dialog>
    `;
  }

  #row(share: Share) {
    const { lang } = document.documentElement;
    const ends = share.expires_at ? new Date(share.expires_at).toLocaleDateString(lang) : "";
    return html`
      <li data-testid="share">
        <input readonly .value=${share.url} aria-label=${t.link} data-testid="share-url"
          @focus=${(event: Event) => (event.currentTarget as HTMLInputElement).select()} />
        <span class="small-print">${t.shareFacts(ends, share.has_password)}</span>
        <button class="button" type="button" @click=${() => void this.#copy(share)}>${this.copied === share.id ? t.copied : t.copyLink}</button>
        <button class="icon-button small" type="button" data-testid="share-revoke" aria-label=${t.revokeLink}
          title=${t.revokeLink} @click=${() => void this.#revoke(share)}>${icon("close")}</button>
      </li>
    `;
  }

  async #open(): Promise<void> {
    this.problem = this.copied = "";
    this.dialog.showModal();
    await this.#attempt(async () => {
      const { shares } = await requestJson<{ shares: Share[] }>("GET", this.#address);
      this.shares = shares;
    });
  }

  readonly #make = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const fields = new FormData(form);
    const days = Number(fields.get("days")) || null;
    void this.#attempt(async () => {
      const share = await requestJson<Share>("POST", this.#address, {
        days,
        password: String(fields.get("password") ?? ""),
      });
      this.shares = [share, ...this.shares];
      form.reset();
    });
  };

  async #copy({ id, url }: Share): Promise<void> {
    await navigator.clipboard?.writeText(url);
    this.copied = id;
  }

  #revoke(share: Share): Promise<void> {
    return this.#attempt(async () => {
      await requestJson("DELETE", `${this.#address}/${share.id}`);
      this.shares = this.shares.filter(({ id }) => id !== share.id);
    });
  }

  async #attempt(act: () => Promise<void>): Promise<void> {
    this.problem = "";
    try {
      await act();
    } catch (error) {
      this.problem = (error instanceof ProblemError && error.detail) || t.versionsFailed;
    }
  }

  get #address(): string {
    return `${this.model.config.urls.photo}/shares`;
  }
}
