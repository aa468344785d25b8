/** The studio's one state, and the commands that its elements and its stage call. */
import type { Marks } from "../canvas/overlay.ts";
import type { StageModel } from "../canvas/stage-model.ts";
import type { Compositor, Tone } from "../core/compose.ts";
import type { Place, Size } from "../core/geometry.ts";
import type { Action, PointerKind, Tool } from "../core/gestures.ts";
import { type Excess, pathOf, pointHint } from "../core/hints.ts";
import type { ChromaState, JobState, ServerMessage } from "../core/protocol.ts";
import { fenced, withoutRegion } from "../core/regions.ts";
import { closeOverlays } from "../shared/ui/overlays.ts";
import { Changes } from "./changes.ts";
import { type ShownResult, toggled } from "./comparison.ts";
import { limitsOf, type StudioConfig } from "./config.ts";
import { PhotoConnection } from "./connection.ts";
import { Exporter } from "./exporter.ts";
import { GestureActions } from "./gesture-actions.ts";
import { HintEditor } from "./hint-editor.ts";
import { HistoryStore } from "./history-store.ts";
import { t } from "./messages.ts";
import { Notices } from "./notices.ts";
import { Outliner, SIZE_STEP } from "./outliner.ts";
import { Palettes } from "./palettes.ts";
import { PhotoColors } from "./photo-colors.ts";
import { Predictions, type StudioState } from "./predictions.ts";
import { ToolSettings } from "./tool-settings.ts";
import { Viewport } from "./viewport.ts";

/** Where the line of a comparison begins. */
const HALF = 0.5;

export class StudioModel implements StageModel {
  readonly changes = new Changes();
  readonly photo: Size;
  readonly tools = new ToolSettings(this.changes.tell);
  readonly palettes: Palettes;
  readonly notices = new Notices(this.changes.tell);
  readonly colors = new PhotoColors();
  readonly viewport: Viewport;
  readonly editor: HintEditor;
  readonly connection: PhotoConnection;
  readonly predictions: Predictions;
  readonly outliner: Outliner;
  readonly gestures: GestureActions;
  readonly exporter: Exporter;
  /** Whether the lightness picture is on the canvas, or could not be. */
  stageState: "loading" | "ready" | "failed" = "loading";
  compositor: "" | "webgl2" | "2d" = "";
  comparing = false;
  /** Left of this share of the stage's width the photo is grey; 0 where it is coloured all over. */
  split = 0;
  /** Whether the other picture of a comparison stands beside the photo. */
  beside = false;
  /** Results shown beside it: left in place of the grey photo, and right in that of this one. */
  compared: readonly ShownResult[] = [];
  marksShown = true;
  panelOpen = false;
  /** Regions that are not drawn; their hints act all the same. */
  hiddenRegions: ReadonlySet<number> = new Set();
  /** How many full-size results were made while the page is open: the history follows. */
  versionsMade = 0;
  #failed = -1;
  readonly #history: HistoryStore;

  constructor(readonly config: StudioConfig) {
    this.photo = { width: config.photo.width, height: config.photo.height };
    this.viewport = new Viewport(this.photo, this.changes.tell);
    this.#history = new HistoryStore(config.photo.id);
    this.palettes = new Palettes(this.changes.tell, Boolean(config.guest));
    this.editor = new HintEditor(this.photo, limitsOf(config), {
      edited: (hints) => this.connection.edit(hints),
      refused: (reason) => this.notices.show("error", this.#excess(reason)),
      stepped: (history) => this.#history.save(history),
      changed: this.changes.tell,
    });
    this.connection = new PhotoConnection(config.photo.id, config.urls.socket, {
      adopt: (hints) => this.editor.adopt(hints),
      message: (message) => this.#receive(message),
      sent: (revision, hints) => this.colors.knows(revision, hints),
      changed: this.changes.tell,
    });
    const urls = { suggestions: config.urls.suggestions, uncertainty: config.urls.uncertainty };
    this.predictions = new Predictions(config.predictions ?? false, urls, () => this.#state(), {
      changed: this.changes.tell,
      suggested: () => this.gestures.suggested(),
      failed: (sentence) => this.notices.show("error", sentence || t.uncertaintyFailed),
      sure: () => this.notices.show("info", t.sureEverywhere),
      jump: (place) => {
        this.viewport.show(place);
        this.notices.announce(t.markedPlace(percent(place.x), percent(place.y)));
      },
    });
    this.outliner = new Outliner(config.urls.outline, {
      changed: this.changes.tell,
      failed: (sentence) => this.notices.show("error", sentence || t.outlineFailed),
    });
    this.gestures = new GestureActions(this);
    this.exporter = new Exporter(config, this.connection, this.notices, this.changes.tell);
    this.changes.listen(() => this.predictions.follow());
    const draft = this.connection.sync.hints;
    if (!draft.isEmpty) this.editor.adopt(draft);
    void this.#history.open().then((history) => history && this.editor.restore(history));
  }

  get sync() {
    return this.connection.sync;
  }

  /** Whether the server knows regions, reach, vividness and warmth. */
  get controllable(): boolean {
    return this.editor.limits.maxRegions > 0;
  }

  /** Whether newer colours than those on screen are on their way. */
  get colouring(): boolean {
    const { connection, revision } = this.sync;
    return connection === "open" && this.colors.revision < revision && this.#failed < revision;
  }

  /** The colour that the picker shows: the chosen hint's, else the brush's. */
  get color(): string {
    return this.editor.chosen?.color ?? this.tools.color;
  }

  /** L, 0 to 100, that the colour in hand is for: the chosen hint's, else the last spot's. */
  get lightnessHere(): number {
    const [anchor] = this.editor.chosen ? pathOf(this.editor.chosen) : [];
    const place = anchor && { x: anchor[0], y: anchor[1] };
    return place ? this.colors.lightnessAt(place) : this.gestures.lightness;
  }

  get radius(): number {
    return this.editor.chosen?.radius ?? this.tools.radius;
  }

  // What the stage asks and tells.

  get lightnessUrl(): string {
    return this.config.urls.lightness;
  }

  get looks(): boolean {
    return this.predictions.available;
  }

  get hovered(): number {
    return this.editor.hovered;
  }

  marks(): Marks {
    const { comparing, predictions, editor } = this;
    const { subject, showsUncertainty, uncertainty } = predictions;
    const hidden = comparing || (!this.marksShown && subject?.type === "seen");
    const away = !subject || subject.type === "hint" || hidden;
    return {
      hints: editor.hints,
      selection: editor.selection,
      hovered: editor.hovered,
      hiddenRegions: this.hiddenRegions,
      outline: this.gestures.lasso.path,
      thing: comparing ? [] : this.outliner.points,
      settled: this.colors.settled,
      shown: this.marksShown && !comparing,
      uncertainty: showsUncertainty && !comparing ? (uncertainty?.picture ?? null) : null,
      spot: away ? null : { at: subject.at, marked: subject.type === "marked" },
    };
  }

  tone(): Tone {
    return this.colors.toneFor(this.editor.hints.controls);
  }

  colorFor(at: Place): string {
    return this.gestures.colorFor(at);
  }

  hit(at: Place, kind: PointerKind): number {
    return this.gestures.hit(at, kind);
  }

  hover(index: number): void {
    this.editor.hover(index);
  }

  look(at: Place): void {
    this.gestures.look(at);
  }

  act(action: Action): void {
    this.gestures.act(action);
  }

  dismiss(): boolean {
    const closed = closeOverlays();
    if (!this.panelOpen) return closed;
    this.togglePanel(false);
    return true;
  }

  opened(compositor: Compositor["kind"] | null): void {
    this.stageState = compositor ? "ready" : "failed";
    this.compositor = compositor ?? "";
    this.changes.tell();
  }

  listen(listener: () => void): () => void {
    return this.changes.listen(listener);
  }

  readonly changed = (): void => this.changes.tell();

  // Commands.

  setTool(tool: Tool): void {
    if (tool !== "move") this.editor.select(-1);
    if (tool !== "lasso") this.gestures.lasso.cancel();
    if (tool !== "outline") this.outliner.leave();
    this.tools.setTool(tool);
  }

  /** @param done false while a control is being dragged. */
  setColor(color: string, done = true): void {
    if (this.editor.chosen) {
      this.editor.restyle({ color }, done);
      if (done) this.gestures.checkFaint(this.editor.selected);
    } else if (this.tools.tool !== "brush" && this.tools.tool !== "picker") {
      this.setTool("brush");
    }
    this.tools.setColor(color);
  }

  setRadius(radius: number, done = true): void {
    if (this.editor.chosen) this.editor.restyle({ radius }, done);
    else this.tools.setRadius(radius);
  }

  growThing(steps: number): boolean {
    if (!this.outliner.at) return false;
    this.outliner.resize(this.outliner.size + steps * SIZE_STEP);
    return true;
  }

  takeThing(): boolean {
    return this.gestures.takeThing();
  }

  setComparing(comparing: boolean): void {
    this.comparing = comparing;
    this.notices.announce(comparing ? t.comparing : "");
  }

  /** Whether a comparison stands on the stage, by a line or side by side. */
  get comparison(): boolean {
    return this.split > 0 || this.beside;
  }

  toggleComparison(): void {
    if (this.comparison) this.endComparison();
    else this.setSplit(HALF);
  }

  endComparison(): void {
    this.beside = false;
    this.setSplit(0);
  }

  /** Put the other picture beside the photo, or under a line again. */
  setBeside(beside: boolean): void {
    this.beside = beside;
    this.split = beside ? 0 : HALF;
    this.changes.tell();
  }

  /** @param share of the stage's width. */
  setSplit(share: number): void {
    this.split = Math.min(0.98, Math.max(0, share));
    if (!this.comparison) this.compared = [];
    this.changes.tell();
  }

  /** Show a result beside the photo as it is now, or beside a first one; again ends it. */
  compareWith(result: ShownResult): void {
    this.compared = toggled(this.compared, result);
    if (this.compared.length === 0) this.endComparison();
    else this.setSplit(this.beside ? 0 : this.split || HALF);
  }

  toggleMarks(): void {
    this.marksShown = !this.marksShown;
    this.changes.tell();
  }

  togglePanel(open = !this.panelOpen): void {
    this.panelOpen = open;
    this.changes.tell();
  }

  toggleRegion(index: number): void {
    const hidden = new Set(this.hiddenRegions);
    if (!hidden.delete(index)) hidden.add(index);
    this.hiddenRegions = hidden;
    this.changes.tell();
  }

  removeRegion(index: number): void {
    const shown = [...this.hiddenRegions].filter((at) => at !== index);
    this.hiddenRegions = new Set(shown.map((at) => at - Number(at > index)));
    this.editor.commit(withoutRegion(this.editor.hints, index));
    this.#offerUndo(t.regionDeleted);
  }

  removeHint(index: number): void {
    this.editor.remove(index);
    this.notices.announce(t.hintDeleted);
  }

  removeAllHints(): void {
    this.editor.commit(this.editor.hints.withHints([]));
    this.#offerUndo(t.allDeleted);
  }

  /** @param x, y relative to the photo. */
  addPoint(x: number, y: number): void {
    const { brush } = this.tools;
    const color = this.gestures.colorFor({ x, y });
    const { hints } = this.editor;
    this.editor.commit(hints.add(fenced(pointHint(x, y, brush, color), hints.regions)));
    this.gestures.checkFaint(this.editor.hints.size - 1);
    if (this.tools.picked) this.tools.used(color);
    this.notices.announce(t.hintAdded);
  }

  /** Take a suggested colour: for the hint, at the marked place, or into the hand. */
  takeSuggestion(number: number): boolean {
    const { subject, colors, fresh } = this.predictions;
    const color = colors[number]?.color;
    if (!color || !subject || !fresh) return false;
    this.tools.setColor(color);
    if (subject.type === "marked") {
      this.addPoint(subject.at.x, subject.at.y);
      this.predictions.painted(this.editor.hints.hints.at(-1));
    } else if (subject.type === "hint" && subject.index !== this.editor.selected) {
      this.editor.recolor(subject.index, color);
      this.gestures.checkFaint(subject.index);
      this.predictions.painted(this.editor.hints.hints[subject.index]);
    } else this.setColor(color);
    this.notices.announce(t.suggestionTaken(number + 1));
    return true;
  }

  #offerUndo(text: string): void {
    this.notices.show("info", text, { text: t.undo, act: () => this.editor.undo() });
  }

  #excess(reason: Excess): string {
    const { limits } = this.editor;
    if (reason === "hints") return t.tooManyHints(limits.maxHints);
    return reason === "points" ? t.tooManyPoints : t.tooManyRegions(limits.maxRegions);
  }

  #state(): StudioState {
    const { hints, selected } = this.editor;
    const { connection, dirty } = this.sync;
    const settled = connection === "open" && !dirty && !this.gestures.busy && !this.colouring;
    return { hints, selected, revision: this.colors.revision, settled };
  }

  // What the server says.

  #receive(message: ServerMessage): void {
    switch (message.type) {
      case "snapshot": {
        const { hints } = this.editor;
        this.editor.open();
        const same = message.hints.equals(hints) ? hints : message.hints;
        this.colors.knows(message.revision, same);
        if (message.chroma) void this.#show(message.chroma);
        if (message.job) this.#follow(message.job);
        return;
      }
      case "chroma":
        return void this.#show(message);
      case "job":
        return this.#follow(message);
      case "version":
        this.versionsMade += 1;
        this.changes.tell();
        return this.exporter.finished(message.job, message.id);
      case "queue":
        return this.notices.show("info", t.queue(message.position, Math.ceil(message.seconds)));
      case "error":
        if (message.code !== "stale_revision") this.notices.show("error", message.message);
        return;
      case "revoked":
        return this.notices.show("error", t.revoked);
      case "pong":
        return;
    }
  }

  #follow(job: JobState): void {
    if (job.kind !== "chroma" || job.status !== "failed" || job.revision < this.sync.revision)
      return;
    this.#failed = job.revision;
    this.notices.show("error", job.error || t.jobFailed);
  }

  async #show(chroma: ChromaState): Promise<void> {
    try {
      if (!(await this.colors.take(chroma))) return;
      if (chroma.revision >= this.sync.revision) this.notices.announce(t.coloured);
    } catch {
      this.notices.show("error", t.badChroma);
    }
    this.changes.tell();
  }
}

function percent(share: number): number {
  return Math.round(share * 100);
}
