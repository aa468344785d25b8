import { html, svg, type TemplateResult } from "lit";

/** Line icons on a 24 grid, drawn for Rehue; colour and stroke come from the style sheet. */
const SHAPES = {
  brush: svg`<path d="M20.5 3.5c-4 1.5-8.5 5.2-10.8 8.8l2.6 2.2c3.4-2.6 7-7.2 8.2-11z"/><path d="M9.2 13.2c-2.4 0-3.4 1.6-3.6 3.3-.2 1.5-1 2.3-2.1 2.8 1 .8 2.6 1.2 4.2 1.2 2.4 0 4-1.5 4-3.8"/>`,
  eraser: svg`<path d="m4.2 14.4 9-9a2 2 0 0 1 2.8 0l3.6 3.6a2 2 0 0 1 0 2.8L12.4 19H8z"/><path d="m9 9.7 6.3 6.3M8 19h12"/>`,
  move: svg`<path d="M5.5 3.5v14l3.9-3.4 2.6 6 2.6-1.1-2.6-5.9 5-.4z"/>`,
  picker: svg`<path d="m13.5 7.5 3-3a2.1 2.1 0 0 1 3 3l-3 3"/><path d="m12 6 6 6M14.5 8.5 6.8 16.200c-.6.6-.6 1.300-1 2.200l-1.500 1.600 1.600-1.500c.9-.4 1.600-.4 2.200-1l7.400-7.500"/>`,
  lasso: svg`<path d="M12 4.500c5 0 8.500 2.300 8.500 5.500s-3.500 5.500-8.500 5.500-8.500-2.300-8.500-5.500S7 4.500 12 4.500z" stroke-dasharray="3.500 2.500"/><circle cx="7" cy="16.500" r="2"/><path d="M6.500 18.500c0 1.500-.5 2-1.500 2.500"/>`,
  grid: svg`<rect x="4" y="4" width="6.500" height="6.500" rx="1"/><rect x="13.500" y="4" width="6.500" height="6.500" rx="1"/><rect x="4" y="13.500" width="6.500" height="6.500" rx="1"/><rect x="13.500" y="13.500" width="6.500" height="6.500" rx="1"/>`,
  previous: svg`<path d="m14.500 6-6 6 6 6"/>`,
  next: svg`<path d="m9.500 6 6 6-6 6"/>`,
  undo: svg`<path d="M8.500 5 4.500 9l4 4"/><path d="M5 9h9a5 5 0 0 1 0 10h-3"/>`,
  redo: svg`<path d="m15.500 5 4 4-4 4"/><path d="M19 9h-9a5 5 0 0 0 0 10h3"/>`,
  compare: svg`<rect x="3.500" y="5.500" width="17" height="13" rx="2"/><path class="filled" d="M5.500 5.500H12v13H5.500a2 2 0 0 1-2-2v-9a2 2 0 0 1 2-2z"/><path d="M12 3v18"/>`,
  split: svg`<path d="M12 3v18M8.500 8.500 5 12l3.500 3.500M15.500 8.500 19 12l-3.500 3.500"/>`,
  download: svg`<path d="M12 4v11M7.500 11 12 15.500 16.500 11M5 19.500h14"/>`,
  help: svg`<rect x="3" y="6" width="18" height="12" rx="2"/><path d="M6.500 10h.1M10.200 10h.1M13.800 10h.1M17.400 10h.1M8 14h8"/>`,
  plus: svg`<path d="M12 5v14M5 12h14"/>`,
  minus: svg`<path d="M5 12h14"/>`,
  fit: svg`<path d="M4 9V5.500A1.500 1.500 0 0 1 5.500 4H9M15 4h3.500A1.500 1.500 0 0 1 20 5.500V9M20 15v3.500a1.500 1.500 0 0 1-1.500 1.500H15M9 20H5.500A1.500 1.500 0 0 1 4 18.500V15"/>`,
  trash: svg`<path d="M5 7h14M10 7V4.500h4V7M7 7l.800 12.500h8.400L17 7M10.300 10.500v5.500M13.700 10.500v5.500"/>`,
  eye: svg`<path d="M2.500 12S6 5.500 12 5.500 21.500 12 21.500 12 18 18.500 12 18.500 2.500 12 2.500 12z"/><circle cx="12" cy="12" r="2.800"/>`,
  eyeOff: svg`<path d="M4 4l16 16M9.500 5.800A9 9 0 0 1 12 5.500c6 0 9.500 6.500 9.500 6.500a17 17 0 0 1-3 3.700M6.200 7.500A17 17 0 0 0 2.500 12S6 18.500 12 18.500a9 9 0 0 0 4-.9"/>`,
  pencil: svg`<path d="m5 19 1-4.500L16.200 4.300a1.500 1.500 0 0 1 2.100 0l1.400 1.400a1.500 1.500 0 0 1 0 2.100L9.500 18z"/><path d="m14.500 6 3.500 3.500"/>`,
  close: svg`<path d="m6 6 12 12M18 6 6 18"/>`,
  check: svg`<path d="m5 12.500 4.500 4.500L19 7.500"/>`,
  cloudOff: svg`<path d="M4 4l16 16M8 7.200A5.500 5.500 0 0 1 17.300 10 4 4 0 0 1 19.800 16.500M15.500 18H7a4 4 0 0 1-.6-8"/>`,
  spin: svg`<path d="M12 4a8 8 0 1 1-8 8"/>`,
  more: svg`<circle class="filled" cx="5" cy="12" r="1.200"/><circle class="filled" cx="12" cy="12" r="1.200"/><circle class="filled" cx="19" cy="12" r="1.200"/>`,
  unsure: svg`<path d="M12 3.500a8.500 8.500 0 1 1-8.500 8.500" stroke-dasharray="2.500 2.500"/><path d="M3.500 12A8.500 8.500 0 0 1 12 3.500"/><path d="M9.500 9.800a2.500 2.500 0 1 1 3.700 2.200c-.8.400-1.200.900-1.200 1.700M12 16.300h.1"/>`,
  nextPlace: svg`<circle cx="12" cy="12" r="6.500"/><path d="M12 2.500v4M12 17.500v4M2.500 12h4M17.500 12h4"/><circle class="filled" cx="12" cy="12" r="1.300"/>`,
  sliders: svg`<path d="M4 8h9M19 8h1M4 16h1M11 16h9"/><circle cx="16" cy="8" r="2.500"/><circle cx="8" cy="16" r="2.500"/>`,
} as const;

export type IconName = keyof typeof SHAPES;

export function icon(name: IconName): TemplateResult {
  return html`<svg class="icon icon-${name}" viewBox="0 0 24 24" aria-hidden="true">${SHAPES[name]}</svg>`;
}
