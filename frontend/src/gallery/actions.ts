/** What is done with the chosen photos, and what is answer about it. */
import { ProblemError } from "../shared/api/http.ts";
import {
  type Action,
  askRenders,
  changeMany,
  deleteLabel,
  emptyTrash,
  findIds,
  renameLabel,
} from "./api.ts";
import { askDownload, askName, askSure } from "./dialogs.ts";
import type { Grid } from "./grid.ts";
import { t } from "./messages.ts";
import type { SelectionControl } from "./selection-control.ts";
import type { Toasts } from "./toasts.ts";

const RENDER_POLL = 1_500;

export class Actions {
  constructor(
    readonly root: HTMLElement,
    readonly grid: Grid,
    readonly selecting: SelectionControl,
    readonly toasts: Toasts,
  ) {}

  /** Do what a button asks for; whatever goes wrong is told in a sentence. */
  run(name: string, source: HTMLElement): Promise<void> {
    return this.#attempt(() => this.#run(name, source));
  }

  star(ids: readonly string[]): Promise<void> {
    return this.#attempt(() => this.#star(ids));
  }

  trash(ids: readonly string[]): Promise<void> {
    return this.#attempt(() => this.#trash(ids));
  }

  async #attempt(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.toasts.fail(sentence(error));
    }
  }

  /** Star what is not starred; when all of it is, take the stars away. */
  async #star(ids: readonly string[]): Promise<void> {
    const on = ids.some((id) => !this.grid.isStarred(id));
    const done = await this.#change(on ? "star" : "unstar", ids);
    for (const id of done) this.grid.star(id, on);
    this.toasts.say(on ? t.starred(done.length) : t.unstarred(done.length));
  }

  async #trash(ids: readonly string[]): Promise<void> {
    const done = await this.#change("trash", ids);
    this.#gone(done);
    const undo = { words: t.undo, act: () => void this.#attempt(() => this.#restore(done)) };
    this.toasts.say(t.trashed(done.length), undo);
  }

  async #run(name: string, source: HTMLElement): Promise<void> {
    const { ids } = this.selecting;
    switch (name) {
      case "clear":
        return this.selecting.clear();
      case "all":
        return this.selecting.all();
      case "everything":
        return this.selecting.everything(await findIds(this.grid.facts.address ?? ""));
      case "star":
        return this.#star(ids);
      case "batch":
        return this.#toBatch(ids);
      case "tag":
        return this.#tag(ids);
      case "collect":
        return this.#collect(ids);
      case "trash":
        return this.#trash(ids);
      case "restore":
        return this.#putBack(ids);
      case "delete":
        return this.#delete(ids);
      case "colorize":
        return this.toasts.say(t.colouring((await this.#change("colorize", ids)).length));
      case "download":
        return this.#download(ids);
      case "empty-trash":
        return this.#empty();
      case "refresh":
        await this.grid.refresh(null);
        window.scrollTo(0, 0);
        return;
      case "rename-collection":
      case "delete-collection":
        return this.#collection(name, source.dataset.collection ?? "", source.dataset.name ?? "");
    }
  }

  /** The form for a new batch, with these photos: posted, for an address would be too long. */
  #toBatch(ids: readonly string[]): void {
    const form = this.root.querySelector<HTMLFormElement>(".batch-form");
    const field = form?.querySelector<HTMLInputElement>("[name=photos]");
    if (!form || !field) return;
    field.value = ids.join(",");
    form.submit();
  }

  async #tag(ids: readonly string[]): Promise<void> {
    const answer = await askName(this.root, "tag", names(this.grid.facts.tags));
    if (!answer) return;
    const done = await this.#change(answer.take ? "untag" : "tag", ids, answer.name);
    this.toasts.say(answer.take ? t.untagged(answer.name) : t.tagged(done.length, answer.name));
    await this.#redraw();
  }

  async #collect(ids: readonly string[]): Promise<void> {
    const answer = await askName(this.root, "collect", names(this.grid.facts.collections));
    if (!answer) return;
    const done = await this.#change("collect", ids, answer.name);
    this.toasts.say(t.collected(done.length, answer.name));
    await this.#redraw();
  }

  async #putBack(ids: readonly string[]): Promise<void> {
    const done = await this.#change("restore", ids);
    this.#gone(done);
    this.toasts.say(t.restored(done.length));
  }

  async #delete(ids: readonly string[]): Promise<void> {
    if (!(await askSure(this.root, t.sureDelete(ids.length), t.sureWords, t.deleteForGood))) return;
    const done = await this.#change("delete", ids);
    this.#gone(done);
    this.toasts.say(t.deleted(done.length));
  }

  async #empty(): Promise<void> {
    if (!(await askSure(this.root, t.sureEmpty, t.sureWords, t.deleteForGood))) return;
    const { count } = await emptyTrash();
    this.selecting.clear();
    await this.grid.refresh(null);
    this.toasts.say(t.deleted(count));
  }

  async #restore(ids: readonly string[]): Promise<void> {
    const done = await this.#change("restore", ids);
    await this.#redraw();
    this.toasts.say(t.restored(done.length));
  }

  async #collection(what: string, id: string, name: string): Promise<void> {
    if (what === "delete-collection") {
      const sure = t.sureCollection(name);
      if (!(await askSure(this.root, sure, t.sureCollectionWords, t.deleteCollection))) return;
      await deleteLabel(id);
      return location.assign("/photos");
    }
    const answer = await askName(this.root, "rename", [], name);
    if (!answer) return;
    await renameLabel(id, answer.name);
    location.reload();
  }

  async #download(ids: readonly string[]): Promise<void> {
    if (ids.length > this.#max) return this.toasts.fail(t.tooManyForZip(this.#max));
    const answer = await askDownload(this.root);
    if (!answer) return;
    let ready = ids;
    if (answer.what === "coloured") ready = await this.#rendered(ids);
    if (ready.length === 0) return;
    const form = this.root.querySelector<HTMLFormElement>(".archive-form");
    if (!form) return;
    for (const field of form.querySelectorAll("[data-field]")) field.remove();
    const values = [
      ["what", answer.what],
      ["format", answer.format],
      ["metadata", answer.metadata],
      ...ready.map((id) => ["ids", id]),
    ];
    for (const [name = "", value = ""] of values) {
      const field = Object.assign(document.createElement("input"), { type: "hidden", name, value });
      field.dataset.field = "";
      form.append(field);
    }
    form.submit();
    if (ready.length === ids.length) this.toasts.say(t.archiveReady);
  }

  /** Have the full-size results made that lack, and wait for them. */
  async #rendered(ids: readonly string[]): Promise<readonly string[]> {
    for (let first = true; ; first = false) {
      const { ready, waiting, failed } = await askRenders(ids, first);
      if (waiting.length === 0) {
        if (failed.length > 0) this.toasts.fail(t.renderFailed(failed.length));
        return ready;
      }
      this.toasts.say(t.rendering(ready.length, ids.length));
      await new Promise((resolve) => window.setTimeout(resolve, RENDER_POLL));
    }
  }

  async #change(action: Action, ids: readonly string[], name = ""): Promise<readonly string[]> {
    const done: string[] = [];
    const missing: string[] = [];
    for (let at = 0; at < ids.length; at += this.#max) {
      const answer = await changeMany(action, ids.slice(at, at + this.#max), name);
      done.push(...answer.done);
      missing.push(...answer.missing);
    }
    if (missing.length > 0) {
      this.#gone(missing);
      this.toasts.fail(t.missing(missing.length));
    }
    return done;
  }

  /** How many photos the server changes at a time. */
  get #max(): number {
    return Number(this.grid.facts.bulkMax) || 1000;
  }

  #gone(ids: readonly string[]): void {
    const beyond = this.selecting.reachesBeyond;
    this.grid.remove(ids);
    this.selecting.forget(ids);
    // The page cannot know what is left of photos that it never showed.
    if (beyond) void this.grid.refresh(null);
  }

  async #redraw(): Promise<void> {
    const [first] = this.selecting.ids;
    await this.grid.refresh(first ?? null);
    this.selecting.show();
  }
}

function names(text: string | undefined): string[] {
  return (text ?? "").split("\n").filter((name) => name !== "");
}

function sentence(error: unknown): string {
  if (error instanceof ProblemError) return error.detail || t.failed(error.status);
  return t.offline;
}
