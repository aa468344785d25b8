import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

/** Smaller files gain nothing worth a second request header. */
const LEAST_BYTES = 1024;

/** Each script and style sheet beside itself in brotli and gzip: WhiteNoise sends the best one. */
function compressed(): Plugin {
  return {
    name: "compressed",
    apply: "build",
    writeBundle({ dir = "dist" }, bundle) {
      for (const name of Object.keys(bundle)) {
        const text = readFileSync(join(dir, name));
        if (!/\.(js|css|svg)$/.test(name) || text.length < LEAST_BYTES) continue;
        const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
        writeFileSync(join(dir, `${name}.br`), brotliCompressSync(text, { params }));
        writeFileSync(join(dir, `${name}.gz`), gzipSync(text, { level: 9 }));
      }
    },
  };
}

/** One bundle a page, named by hash; Django finds them through manifest.json (webapp/common/templatetags/vite.py). */
export default defineConfig({
  base: "/static/",
  plugins: [compressed()],
  build: {
    // Not ".vite/manifest.json": collectstatic skips hidden folders.
    manifest: "manifest.json",
    // The polyfill is an inline script, which our content security policy forbids.
    modulePreload: { polyfill: false },
    target: "es2022",
    rollupOptions: {
      // htmx has an eval, which its configuration turns off (and our content security policy).
      checks: { eval: false },
      input: ["site", "studio", "lab", "gallery", "batches", "account", "dashboard"].map(
        (page) => `src/${page}.ts`,
      ),
    },
  },
});
