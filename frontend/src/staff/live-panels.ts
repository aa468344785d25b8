/**
 * Panels that htmx asks for again and again, as long as somebody looks.
 *
 * A hidden page asks nothing; one that comes back asks at once. What somebody is about to click, or
 * has selected, is not pulled from under their hands.
 */
import htmx from "htmx.org";

type State = "on" | "paused" | "lost";

let pressed = false;

/** Keep the panels of the page up to date, and say so where the page wants it said. */
export function keepLive(): void {
  // Set before the page is parsed to its end, which is when htmx reads it.
  htmx.config.includeIndicatorStyles = false;
  htmx.config.allowEval = false;
  htmx.config.allowScriptTags = false;
  document.addEventListener("pointerdown", () => {
    pressed = true;
  });
  for (const end of ["pointerup", "pointercancel"]) {
    document.addEventListener(end, () => {
      pressed = false;
    });
  }
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (document.hidden) event.preventDefault();
  });
  document.addEventListener("htmx:beforeSwap", beforeSwap);
  for (const failure of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    document.addEventListener(failure, () => say("lost"));
  }
  document.addEventListener("visibilitychange", () => {
    say(document.hidden ? "paused" : "on");
    if (!document.hidden) ask();
  });
  say("on");
}

/** Ask for every live part of the page now. */
function ask(): void {
  for (const part of document.querySelectorAll("[hx-get]")) htmx.trigger(part, "refresh");
}

function beforeSwap(event: Event): void {
  const { detail } = event as CustomEvent<{
    shouldSwap: boolean;
    target: Element;
    xhr: XMLHttpRequest;
    pathInfo: { requestPath: string };
  }>;
  if (detail.xhr.status !== 200) return;
  const answered = new URL(detail.xhr.responseURL).pathname;
  const requested = new URL(detail.pathInfo.requestPath, location.href).pathname;
  if (answered !== requested) {
    // Signed out meanwhile: the whole page goes where the answer came from.
    detail.shouldSwap = false;
    location.reload();
    return;
  }
  if (isInUse(detail.target)) detail.shouldSwap = false;
  say("on");
}

function isInUse(part: Element): boolean {
  const selection = getSelection();
  return (
    pressed || (selection !== null && !selection.isCollapsed && selection.containsNode(part, true))
  );
}

function say(state: State): void {
  const line = document.querySelector<HTMLElement>("[data-live]");
  if (line === null || line.dataset.live === state) return;
  line.dataset.live = state;
  line.textContent = line.dataset[state] ?? "";
}
