/** What is known about a photo, in words, and what people make of it in a form. */
import type { MetadataIn, MetadataOut } from "../generated/api.ts";

export type { MetadataOut };

/** A date as far as it is known ("1943", "1943-05", "1943-05-12T10:30:00+09:00"), in words. */
export function dateInWords(iso: string, language: string): string {
  const [, year = "", month, day, hour, minute] =
    /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d))?)?)?/.exec(iso) ?? [];
  if (!year) return iso;
  const parts = [year, month ?? "1", day ?? "1", hour ?? "0", minute ?? "0"].map(Number);
  const [y = 0, m = 1, d = 1, h = 0, min = 0] = parts;
  const date = new Date(Date.UTC(y, m - 1, d, h, min));
  date.setUTCFullYear(y); // years before 100 are years, too
  return date.toLocaleString(language, {
    timeZone: "UTC",
    year: "numeric",
    ...(month && { month: "long" }),
    ...(day && { day: "numeric" }),
    ...(hour && { hour: "2-digit", minute: "2-digit" }),
  });
}

/** A place from the smaller to the larger, or where it lies. */
export function placeInWords(known: MetadataOut): string {
  const words = [known.location, known.city, known.state, known.country].filter(Boolean).join(", ");
  return words || coordinatesInWords(known);
}

export function coordinatesInWords({ latitude, longitude }: MetadataOut): string {
  if (latitude == null || longitude == null) return "";
  const north = `${Math.abs(latitude).toFixed(4)}° ${latitude < 0 ? "S" : "N"}`;
  return `${north}, ${Math.abs(longitude).toFixed(4)}° ${longitude < 0 ? "W" : "E"}`;
}

/** The camera or scanner, without its maker's name twice. */
export function deviceInWords({ make = "", model = "" }: MetadataOut): string {
  const twice = model.toLowerCase().startsWith(make.toLowerCase());
  return twice ? model : `${make} ${model}`.trim();
}

/** What a filled form asks to be changed: people are divided by commas or lines. */
export function changesOf(form: FormData): MetadataIn {
  const text = (name: string) => String(form.get(name) ?? "").trim();
  const words = ["title", "caption", "taken", "location", "city", "state", "country"] as const;
  const changes: MetadataIn = Object.fromEntries(words.map((name) => [name, text(name)]));
  changes.people = text("people")
    .split(/[,;\n]/)
    .map((name) => name.trim())
    .filter(Boolean);
  if (form.has("forget_coordinates")) {
    Object.assign(changes, { latitude: null, longitude: null, altitude: null });
  }
  return changes;
}
