/**
 * Write the types of what the server says: src/generated/api.ts from the OpenAPI document and
 * src/generated/websocket.ts from the websocket schema. With --check, fail where they are old.
 */
import { readFile, writeFile } from "node:fs/promises";
import { compile } from "json-schema-to-typescript";

const SOURCES = [
  { from: "../docs/reference/openapi.json", to: "src/generated/api.ts" },
  { from: "../webapp/common/websocket/schema.json", to: "src/generated/websocket.ts" },
];

/** One JSON schema that names every type of a document: an OpenAPI 3.1 schema is one already. */
function definitions(document) {
  const { components, $defs, properties = {} } = document;
  if (!components) return { $defs: { ...$defs, ...unions(properties) } };
  const text = JSON.stringify(components.schemas).replaceAll("#/components/schemas/", "#/$defs/");
  return { $defs: JSON.parse(text) };
}

/** "my_server" becomes the type MyServer. */
function unions(properties) {
  return Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [
      name.replace(/(^|_)(.)/g, (_, __, letter) => letter.toUpperCase()),
      schema,
    ]),
  );
}

/** Titles of fields would become a type each; those of definitions are their names. */
function untitled(value) {
  if (Array.isArray(value)) return value.map(untitled);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(
    ([key, part]) => key !== "title" || typeof part !== "string",
  );
  return Object.fromEntries(kept.map(([key, part]) => [key, untitled(part)]));
}

/** Without what the generator says of itself, and of the schema around the types. */
const NOISE =
  /( \*\n)? \* This interface was referenced by `Root`'s JSON-Schema\n \* via the `definition` "\w+"\.\n|export interface Root \{\}\n/g;

async function generate({ from, to }) {
  const schema = untitled(definitions(JSON.parse(await readFile(new URL(from, import.meta.url)))));
  const types = await compile({ ...schema, title: "Root", type: "object" }, "Root", {
    additionalProperties: false,
    bannerComment: `/* Written by codegen.mjs from ${from.replace("../", "")}: change that instead. */`,
    format: true,
    strictIndexSignatures: true,
    unreachableDefinitions: true,
    style: { printWidth: 100 },
  });
  const text = types.replace(NOISE, "").replaceAll("/**\n */\n", "");
  return { to: new URL(to, import.meta.url), name: to, text };
}

const made = await Promise.all(SOURCES.map(generate));
for (const { to, name, text } of made) {
  if (!process.argv.includes("--check")) await writeFile(to, text);
  else if ((await readFile(to, "utf8").catch(() => "")) !== text) {
    process.exitCode = 1;
    process.stderr.write(`${name} is old: run "python -m scripts.npm run types".\n`);
  }
}
