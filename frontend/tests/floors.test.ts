/** The browser's code stands on floors: each folder imports only what stands below it. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { test } from "node:test";

/** From the lowest; folders of one floor know nothing of each other. */
const FLOORS = [
  ["generated"],
  ["core"],
  ["canvas", "shared"],
  ["account", "batches", "front", "gallery", "staff", "studio"],
  // The pages' entries, each in a file of its own.
  [""],
];
const SOURCE = resolve("src");
const FILES = readdirSync(SOURCE, { recursive: true, encoding: "utf8" }).filter((name) =>
  name.endsWith(".ts"),
);

function importsOf(file: string): string[] {
  const text = readFileSync(join(SOURCE, file), "utf8");
  const places = [...text.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+\.ts)"/g)];
  return places.map(([, place]) =>
    relative(SOURCE, resolve(SOURCE, dirname(file), place as string)),
  );
}

function folderOf(file: string): string {
  return file.includes("/") ? (file.split("/")[0] as string) : "";
}

function floorOf(file: string): number {
  return FLOORS.findIndex((folders) => folders.includes(folderOf(file)));
}

test("every folder has a floor", () => {
  assert.deepEqual(
    FILES.filter((file) => floorOf(file) < 0),
    [],
  );
});

test("no import goes up, or to another folder of the same floor", () => {
  const wrong = FILES.flatMap((file) =>
    importsOf(file)
      .filter((to) => folderOf(to) !== folderOf(file) && floorOf(to) >= floorOf(file))
      .map((to) => `${file} -> ${to}`),
  );
  assert.deepEqual(wrong, []);
});

test("no file imports itself by way of others", () => {
  const done = new Set<string>();
  const circles: string[] = [];
  const follow = (file: string, path: readonly string[]) => {
    const start = path.indexOf(file);
    if (start >= 0) circles.push([...path.slice(start), file].join(" -> "));
    if (start >= 0 || done.has(file)) return;
    for (const to of importsOf(file)) follow(to, [...path, file]);
    done.add(file);
  };
  for (const file of FILES) follow(file, []);
  assert.deepEqual(circles, []);
});
