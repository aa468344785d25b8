/** htmx as our content security policy wants it: no style of its own, no eval, CSRF in a header. */
import htmx from "htmx.org";
import { csrfToken } from "../api/http.ts";

htmx.config.includeIndicatorStyles = false;
htmx.config.allowEval = false;
htmx.config.historyCacheSize = 0;
htmx.config.selfRequestsOnly = true;

document.addEventListener("htmx:configRequest", (event) => {
  const { detail } = event as CustomEvent<{ headers: Record<string, string> }>;
  detail.headers["X-CSRFToken"] = csrfToken();
});

export { htmx };
