import { defineConfig } from "vite";

/** One bundle a page, named by hash; Django finds them through manifest.json (webapp/library/templatetags/vite.py). */
export default defineConfig({
  base: "/static/",
  build: {
    // Not ".vite/manifest.json": collectstatic skips hidden folders.
    manifest: "manifest.json",
    // The polyfill is an inline script, which our content security policy forbids.
    modulePreload: { polyfill: false },
    target: "es2022",
    rollupOptions: {
      // htmx has an eval, which its configuration turns off (and our content security policy).
      checks: { eval: false },
      input: ["site", "studio", "laboratory", "gallery", "batches", "account", "dashboard"].map(
        (page) => `src/${page}.ts`,
      ),
    },
  },
});
