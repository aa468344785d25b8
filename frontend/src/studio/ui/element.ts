import { LitElement, type ReactiveController } from "lit";
import { readConfig } from "../config.ts";
import { StudioModel } from "../model.ts";

let shared: StudioModel | null = null;

/** The page's one studio, made when its first element asks. */
export function pageStudio(): StudioModel {
  shared ??= new StudioModel(readConfig());
  return shared;
}

/** An element of the studio: in the light DOM, drawn again when the studio's state changes. */
export abstract class StudioElement extends LitElement implements ReactiveController {
  readonly model = pageStudio();
  #stop: (() => void) | null = null;

  constructor() {
    super();
    this.addController(this);
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  hostConnected(): void {
    this.#stop = this.model.changes.listen(() => this.requestUpdate());
  }

  hostDisconnected(): void {
    this.#stop?.();
    this.#stop = null;
  }
}
