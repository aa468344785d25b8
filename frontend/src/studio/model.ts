/** The studio's one state, and the commands that its elements and its stage call. */
import { ProblemError } from "../api/http.ts";
import { labToHex } from "../engine/color.ts";
import { inside, type Place, type Size, toPhoto } from "../engine/geometry.ts";
import type { Action, Phase, PointerKind, Tool } from "../engine/gestures.ts";
import { pathOf, pointHint } from "../engine/hints.ts";
import { hitTest } from "../engine/hits.ts";
import type { Desk } from "../engine/painting.ts";
import type { ChromaNews, JobNews, ServerMessage } from "../engine/protocol.ts";
import { t } from "../i18n/page.ts";
import { Changes } from "./changes.ts";
import { type Format, limitsOf, type StudioConfig } from "./config.ts";
import { PhotoConnection } from "./connection.ts";
import { DeskState } from "./desk.ts";
import { RenderFailed, Renders, saveVersion } from "./download.ts";
import { Hinting } from "./hinting.ts";
import { Notices } from "./notices.ts";
import { type Ground, Opinions } from "./opinions.ts";
import { Picture } from "./picture.ts";
import { Viewport } from "./viewport.ts";

/** How far beside a hint one still hits it, in CSS pixels. */
const REACH: Record<PointerKind, number> = { mouse: 8, pen: 10, touch: 22 };
/** How long a download waits for the last hints to be saved, in ms. */
const SAVE_PATIENCE = 5_000;
/** Who has painted may paint on: the network is asked nothing else for so long, in ms. */
const CALM = 300;

export class StudioModel {
  readonly changes = new Changes();
  readonly photo: Size;
  readonly desk = new DeskState(this.changes.tell);
  readonly notices = new Notices(this.changes.tell);
  readonly picture = new Picture();
  readonly viewport: Viewport;
  readonly hinting: Hinting;
  readonly connection: PhotoConnection;
  readonly opinions: Opinions;
  /** Whether the lightness picture is on the canvas, or could not be. */
  stageState: "loading" | "ready" | "failed" = "loading";
  compositor: "" | "webgl2" | "2d" = "";
  comparing = false;
  marks = true;
  panelOpen = false;
  downloading = false;
  /** How many full-size results were made while the page is open: the history follows. */
  versionsMade = 0;
  #failed = -1;
  /** Whether a gesture goes on or has just ended, and how many hints there were before a stroke. */
  #gesture = false;
  #before = 0;
  #resting = 0;
  /** L of the spot last pointed at, 0 to 100. */
  #lightness = 60;
  #renders = new Renders();

  constructor(readonly config: StudioConfig) {
    this.photo = { width: config.photo.width, height: config.photo.height };
    this.viewport = new Viewport(this.photo, this.changes.tell);
    const limits = limitsOf(config);
    this.hinting = new Hinting(this.photo, limits, {
      edited: (hints) => this.connection.edit(hints),
      refused: (reason) => {
        const text = reason === "hints" ? t.tooManyHints(limits.maxHints) : t.tooManyPoints;
        this.notices.show("error", text);
      },
      changed: this.changes.tell,
    });
    this.connection = new PhotoConnection(config.photo.id, config.urls.socket, {
      adopt: (hints) => this.hinting.adopt(hints),
      message: (message) => this.#hear(message),
      sent: (revision, hints) => this.picture.knows(revision, hints),
      changed: this.changes.tell,
    });
    this.opinions = new Opinions(config.opinions ?? false, config.urls, () => this.#ground(), {
      changed: this.changes.tell,
      failed: (sentence) => this.notices.show("error", sentence || t.doubtFailed),
      sure: () => this.notices.show("info", t.sureEverywhere),
      jump: (place) => {
        this.viewport.show(place);
        this.notices.announce(t.markedPlace(percent(place.x), percent(place.y)));
      },
    });
    this.changes.listen(() => this.opinions.follow());
    const draft = this.connection.sync.hints;
    if (draft.size > 0) this.hinting.adopt(draft);
  }

  get sync() {
    return this.connection.sync;
  }

  /** Whether newer colours than those on screen are on their way. */
  get colouring(): boolean {
    const { connection, revision } = this.sync;
    return connection === "open" && this.picture.revision < revision && this.#failed < revision;
  }

  /** The colour that the picker shows: the chosen hint's, else the brush's. */
  get color(): string {
    return this.hinting.chosen?.color ?? this.desk.color;
  }

  /** L, 0 to 100, that the colour in hand is for: the chosen hint's, else the last spot's. */
  get lightnessHere(): number {
    const [anchor] = this.hinting.chosen ? pathOf(this.hinting.chosen) : [];
    return anchor ? this.picture.lightnessAt({ x: anchor[0], y: anchor[1] }) : this.#lightness;
  }

  get radius(): number {
    return this.hinting.chosen?.radius ?? this.desk.radius;
  }

  setTool(tool: Tool): void {
    if (tool !== "move") this.hinting.select(-1);
    this.desk.setTool(tool);
  }

  /** @param done false while a control is being dragged. */
  setColor(color: string, done = true): void {
    if (this.hinting.chosen) this.hinting.restyle({ color }, done);
    else if (this.desk.tool === "eraser" || this.desk.tool === "move") this.desk.setTool("brush");
    this.desk.setColor(color);
  }

  setRadius(radius: number, done = true): void {
    if (this.hinting.chosen) this.hinting.restyle({ radius }, done);
    else this.desk.setRadius(radius);
  }

  setComparing(comparing: boolean): void {
    this.comparing = comparing;
    this.notices.announce(comparing ? t.comparing : "");
  }

  toggleMarks(): void {
    this.marks = !this.marks;
    this.changes.tell();
  }

  togglePanel(open = !this.panelOpen): void {
    this.panelOpen = open;
    this.changes.tell();
  }

  removeHint(index: number): void {
    this.hinting.remove(index);
    this.notices.announce(t.hintDeleted);
  }

  /** @param x, y relative to the photo. */
  addPoint(x: number, y: number): void {
    const { color, brush } = this.desk;
    this.hinting.commit(this.hinting.hints.add(pointHint(x, y, brush, color)));
    this.desk.used(color);
    this.notices.announce(t.hintAdded);
  }

  /** The hint under a place of the stage, or -1. */
  hit(at: Place, kind: PointerKind): number {
    const { view } = this.viewport;
    const spot = toPhoto(view, at, this.photo);
    return this.marks
      ? hitTest(this.hinting.hints, spot, this.photo, REACH[kind] / view.scale)
      : -1;
  }

  act(action: Action): void {
    if (action.type === "pan") return this.viewport.pan(action.dx, action.dy);
    if (action.type === "pinch") return this.viewport.pinch(action.before, action.after);
    if (action.type === "pick") return this.#pick(action);
    if (action.type === "delete") return this.removeHint(action.index);
    if (action.type === "tap") return this.#mark(action.at);
    if (action.type === "stroke" && action.phase === "begin") {
      this.point(action.at);
      this.#before = this.hinting.hints.size;
    }
    if ("phase" in action) this.#watch(action.phase);
    this.hinting.act(action, this.#deskNow());
    if (action.type === "stroke" && action.phase === "end") this.#stroked();
  }

  /** Remember the brightness of a spot, for the picker. */
  point(at: Place): void {
    const spot = toPhoto(this.viewport.view, at, this.photo);
    if (inside(spot)) this.#lightness = this.picture.lightnessAt(spot);
    this.changes.tell();
  }

  /** The pointer rests on a place of the stage, about to give a hint. */
  look(at: Place): void {
    const spot = toPhoto(this.viewport.view, at, this.photo);
    const { subject } = this.opinions;
    // The hint just given lies under the pointer: colours for it are what is wanted.
    const stays = subject?.type === "hint" && this.hit(at, "mouse") === subject.index;
    if (!inside(spot) || stays) return;
    this.point(at);
    this.opinions.look(spot);
  }

  /** Take a suggested colour: for the hint, at the marked place, or into the hand. */
  takeSuggestion(number: number): boolean {
    const { subject, colors, fresh } = this.opinions;
    const color = colors[number]?.color;
    if (!color || !subject || !fresh) return false;
    if (subject.type === "marked") this.#give(subject.at, color);
    else if (subject.type === "hint" && subject.index !== this.hinting.selected) {
      this.hinting.recolor(subject.index, color);
      this.opinions.painted(this.hinting.hints.hints[subject.index]);
      this.desk.setColor(color);
    } else this.setColor(color);
    this.notices.announce(t.suggestionTaken(number + 1));
    return true;
  }

  async download(format: Format): Promise<void> {
    if (this.downloading) return;
    this.downloading = true;
    this.notices.show("info", t.rendering);
    try {
      if (!(await this.#saved())) return this.notices.show("error", t.downloadUnsaved);
      saveVersion(this.config, await this.#renders.render(this.config), format);
      this.notices.show("info", t.downloaded);
    } catch (error) {
      const known = error instanceof ProblemError || error instanceof RenderFailed;
      this.notices.show("error", (known && error.message) || t.renderFailed);
    } finally {
      this.downloading = false;
      this.changes.tell();
    }
  }

  /** A full-size result was deleted: the next download has another one made. */
  forgetVersion(id: string): void {
    this.#renders.forget(id);
  }

  #give(at: Place, color: string): void {
    this.desk.setColor(color);
    this.addPoint(at.x, at.y);
    this.opinions.painted(this.hinting.hints.hints.at(-1));
  }

  #stroked(): void {
    this.desk.used(this.desk.color);
    const { hints } = this.hinting;
    if (hints.size > this.#before) this.opinions.painted(hints.hints.at(-1));
  }

  #mark(at: Place): void {
    const spot = toPhoto(this.viewport.view, at, this.photo);
    if (!this.opinions.available || !inside(spot)) return;
    this.point(at);
    this.opinions.mark(spot);
  }

  #ground(): Ground {
    const { hints, selected } = this.hinting;
    const { connection, dirty } = this.sync;
    const settled = connection === "open" && !dirty && !this.#gesture && !this.colouring;
    return { hints, selected, revision: this.picture.revision, settled };
  }

  #watch(phase: Phase): void {
    this.#gesture = true;
    window.clearTimeout(this.#resting);
    if (phase === "begin" || phase === "go") return;
    this.#resting = window.setTimeout(() => {
      this.#gesture = false;
      this.changes.tell();
    }, CALM);
  }

  #deskNow(): Desk {
    const { color, brush, eraser } = this.desk;
    const { view } = this.viewport;
    return { photo: this.photo, view, color, brush, eraser, limits: this.hinting.limits };
  }

  #pick(action: { phase: Phase; at: Place }): void {
    const spot = toPhoto(this.viewport.view, action.at, this.photo);
    if (action.phase === "cancel" || !inside(spot)) return;
    this.point(action.at);
    this.desk.setColor(labToHex(this.picture.colorAt(spot)));
    if (action.phase === "end" && this.desk.tool === "picker") this.setTool("brush");
  }

  #hear(message: ServerMessage): void {
    switch (message.type) {
      case "snapshot": {
        const { hints } = this.hinting;
        this.hinting.open();
        const same = message.hints.equals(hints) ? hints : message.hints;
        this.picture.knows(message.revision, same);
        if (message.chroma) void this.#colour(message.chroma);
        if (message.job) this.#follow(message.job);
        return;
      }
      case "chroma":
        return void this.#colour(message);
      case "job":
        return this.#follow(message);
      case "version":
        this.versionsMade += 1;
        this.changes.tell();
        return this.#renders.finished(message.job, message.id);
      case "error":
        if (message.code !== "stale_revision") this.notices.show("error", message.message);
        return;
      case "revoked":
        return this.notices.show("error", t.revoked);
      case "pong":
        return;
    }
  }

  #follow(job: JobNews): void {
    if (job.kind !== "chroma" || job.status !== "failed" || job.revision < this.sync.revision)
      return;
    this.#failed = job.revision;
    this.notices.show("error", job.error || t.jobFailed);
  }

  async #colour(news: ChromaNews): Promise<void> {
    try {
      if (!(await this.picture.take(news))) return;
      if (news.revision >= this.sync.revision) this.notices.announce(t.coloured);
    } catch {
      this.notices.show("error", t.badChroma);
    }
    this.changes.tell();
  }

  /** Wait until the server has the last hint. */
  async #saved(): Promise<boolean> {
    const end = performance.now() + SAVE_PATIENCE;
    while (this.sync.dirty && performance.now() < end) {
      await new Promise((resolve) => window.setTimeout(resolve, 50));
    }
    return !this.sync.dirty;
  }
}

function percent(share: number): number {
  return Math.round(share * 100);
}
