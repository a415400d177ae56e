import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { Words, textKeys } from "../../sim/view/web/words.js";
import { en } from "../../sim/view/web/texts/en.js";
import { nl } from "../../sim/view/web/texts/nl.js";

const WEB = new URL("../../sim/view/web/", import.meta.url);

function sources(folder = WEB) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = new URL(entry.name + (entry.isDirectory() ? "/" : ""), folder);
    if (entry.isDirectory()) return ["texts", "vendor"].includes(entry.name) ? [] : sources(path);
    return entry.name.endsWith(".js") ? [[entry.name, readFileSync(path, "utf8")]] : [];
  });
}

test("both languages have the same texts with the same values in them", () => {
  assert.deepEqual(textKeys("en"), textKeys("nl"));
  const values = (text) => [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1]).sort();
  for (const key of Object.keys(en)) assert.deepEqual([...new Set(values(en[key]))], [...new Set(values(nl[key]))], key);
});

test("no text is the same in both languages, save what is", () => {
  const same = Object.keys(en).filter((key) => en[key] === nl[key] && /[a-z]{4}/i.test(en[key].replace(/\{\w+\}/g, "")));
  const allowed = ["runs.many"];
  assert.deepEqual(same.filter((key) => !allowed.includes(key)), []);
});

test("every text that is asked for by its key is there, and every text is asked for", () => {
  const all = sources();
  const asked = new Set();
  const prefixes = new Set();
  for (const [, text] of all) {
    for (const found of text.matchAll(/\b(?:say|maybe)\(\s*"([\w.]+)"/g)) asked.add(found[1]);
    for (const found of text.matchAll(/"((?:[a-z_]+\.)+[a-z_0-9]+)"/g)) if (found[1] in en) asked.add(found[1]);
    for (const found of text.matchAll(/`([a-z_]+\.[\w.]*)\$\{/g)) prefixes.add(found[1]);
    for (const found of text.matchAll(/"([a-z_]+)"/g)) if (found[1] in en) asked.add(found[1]);
  }
  for (const key of asked) if (!key.endsWith(".js")) assert.ok(key in en, key);
  const unasked = Object.keys(en).filter((key) => !asked.has(key) && ![...prefixes].some((prefix) => key.startsWith(prefix)));
  assert.deepEqual(unasked, []);
});

test("no words stand in the code of the page", () => {
  for (const [name, text] of sources()) {
    const shown = [...text.matchAll(/\bh\(\s*"(?:p|h1|h2|h3|button|a|span|th|td|label|legend|summary|option)"\s*,\s*(?:null|\{[^{}]*\})\s*,\s*"([^"]*[A-Za-z]{3,}[^"]*)"/g)].map((found) => found[1]);
    assert.deepEqual(shown.filter((word) => word !== "b8sim"), [], name);
  }
});

test("numbers and days are written as the language writes them", () => {
  const [english, dutch] = [new Words("en"), new Words("nl")];
  assert.equal(english.number(-1234.5, 1), "\u22121,234.5");
  assert.equal(dutch.number(-1234.5, 1), "\u22121.234,5");
  assert.equal(english.number(-0.0001, 2, true), "0.00");
  assert.equal(english.number(3, 0, true), "+3");
  assert.equal(dutch.date("2019-08-01"), "1 augustus 2019");
  assert.equal(english.short(0.12345), "0.123");
  assert.equal(english.number(null), "not defined");
  assert.throws(() => english.say("no.such.text"));
  assert.throws(() => english.say("total.of"));
});
