import assert from "node:assert/strict";
import { test } from "node:test";
import {
  changesOf,
  coordinatesInWords,
  dateInWords,
  deviceInWords,
  placeInWords,
} from "../src/studio/metadata.ts";

test("a date is told as far as it is known", () => {
  assert.equal(dateInWords("1943", "en-GB"), "1943");
  assert.equal(dateInWords("1943-05", "en-GB"), "May 1943");
  assert.equal(dateInWords("1943-05-12", "en-GB"), "12 May 1943");
  assert.match(dateInWords("1943-05-12T10:30:00+09:00", "en-GB"), /12 May 1943.* 10:30/);
  assert.equal(dateInWords("1943-05-12", "ko"), "1943년 5월 12일");
  assert.match(dateInWords("0079", "en-GB"), /79/);
});

test("a place is told in words, or else where it lies", () => {
  assert.equal(placeInWords({ city: "Busan", country: "Korea", latitude: 1 }), "Busan, Korea");
  const here = { latitude: -33.45, longitude: 0 };
  assert.equal(placeInWords(here), "33.4500° S, 0.0000° E");
  assert.equal(coordinatesInWords({ latitude: 0 }), "");
});

test("a maker's name is not told twice", () => {
  assert.equal(deviceInWords({ make: "Canon", model: "Canon EOS 5D" }), "Canon EOS 5D");
  assert.equal(deviceInWords({ make: "Epson", model: "V850" }), "Epson V850");
  assert.equal(deviceInWords({ make: "Epson" }), "Epson");
});

test("a form gives the fields that people may change", () => {
  const form = new FormData();
  form.set("title", " Harbour ");
  form.set("people", "Kim Sun-ja, Lee;\nPark,");
  const changes = changesOf(form);
  assert.equal(changes.title, "Harbour");
  assert.deepEqual(changes.people, ["Kim Sun-ja", "Lee", "Park"]);
  assert.equal("latitude" in changes, false);
  form.set("forget_coordinates", "1");
  assert.equal(changesOf(form).latitude, null);
});
