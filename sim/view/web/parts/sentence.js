// The sentences of the page: neutral, with the interval, and with what that covers.

import { h } from "./dom.js";
import { decimals, hasDirection } from "../numbers.js";
import { rangeOf } from "../fitted.js";
import { partedOf } from "../results.js";

/** Return a difference as a signed number. */
export function amount(words, { mean, low, high }) {
  return words.number(mean, decimals(mean, low, high), true);
}

/** Return the sentence on the chosen measure: size, interval, what the interval covers, and what is not established. */
export function headline(app) {
  const { words, core, result } = app;
  const measure = result.measure(app.measure);
  const found = result.difference(app.measure, app.group, app.reform);
  const values = {
    measure: app.measureName(measure),
    group: app.groupTitle(),
    baseline: words.title(core.regimes[0].title),
    reform: words.title(core.regimes[app.reform].title),
    replicates: words.number(found.count),
  };
  if (found.mean === null) return words.say("headline.undefined", values);
  const own = measure.per_thousand ? "" : ".own";
  if (measure.per_thousand && app.group === "all") values.group = words.say("headline.people"); // of every 1,000 people
  if (found.low === null) return words.say(`headline.single${own}`, { ...values, size: sizeText(app, measure, found, found.mean) });
  const said = { ...values, size: sizeText(app, measure, found, found.mean), interval: between(app, measure, found, found) };
  const direction = `headline.${hasDirection(found) ? "direction" : "none"}${own}`;
  return [words.say(direction, said), beside(app)].filter(Boolean).join(" ");
}

/** Return a node with the sentence and, under it, what it covers; `update` says it of the present state. */
export function sentence() {
  const [first, covers] = [h("span"), h("span", { class: "covers" })];
  const node = h("p", { class: "sentence" }, first, " ", covers);
  const update = (app) => {
    first.textContent = headline(app);
    const { count, low } = app.result.difference(app.measure, app.group, app.reform);
    covers.textContent = count && low !== null ? coverage(app) : "";
  };
  return { node, update };
}

/** Return two ends in words: the nearer to nothing first where both lie on one side. */
function between(app, measure, found, { low, high }) {
  const { words } = app;
  if (low * high <= 0) return words.say("interval.ends", { low: sizeText(app, measure, found, low), high: sizeText(app, measure, found, high) });
  const ends = [low, high].sort((a, b) => Math.abs(a) - Math.abs(b)).map((value) => sizeNumber(app, measure, found, value));
  return sizeWords(app, measure, low, words.say("interval", { low: ends[0], high: ends[1] }));
}

/** What reports are never shown without: victims missed, leads lost, exploited again. */
export const BESIDE_REPORTS = ["victims_never_seen", "leads_lost", "re_exploited"];

/** Return the measures that go with the chosen one in the same sentence; empty for most. */
function beside(app) {
  const { words, result } = app;
  if (!["reports", "reports_against_wishes", "wish_to_report"].includes(app.measure)) return "";
  const parts = BESIDE_REPORTS.map((name) => [result.measure(name), result.difference(name, app.group, app.reform)])
    .filter(([measure, found]) => measure && found.mean !== null)
    .map(([measure, found]) => `${app.measureName(measure)} ${amount(words, found)}`);
  return parts.length ? words.say("headline.beside", { measures: parts.join("; ") }) : "";
}

/** Return over how many sets a range is, and of how many where not all have been run again. */
export function setsText(words, { sets, of }) {
  return sets === of ? words.number(sets) : words.say("fitted.of", { sets: words.number(sets), of: words.number(of) });
}

/** Return what the interval covers, and whether the answer is established. */
export function coverage(app) {
  const { words, core, result } = app;
  const range = rangeOf(app, app.measure);
  if (range === null) return words.say(core.fitted && result.kind === "computed" ? "coverage.unfitted" : `coverage.${result.kind}`);
  const measure = result.measure(app.measure);
  const found = result.difference(app.measure, app.group, app.reform);
  const said = { sets: setsText(words, range), range: between(app, measure, found, range) };
  const first = result.kind === "preview" ? words.say("coverage.preview.short") : "";
  return [first, words.say("coverage.fitted", said)].filter(Boolean).join(" ");
}

const sizeText = (app, measure, found, value) => sizeWords(app, measure, value, sizeNumber(app, measure, found, value));

function sizeNumber(app, measure, found, value) {
  const factor = measure.unit === "share" ? 100 : 1;
  const places = decimals(found.mean * factor, found.low === null ? null : found.low * factor, found.high === null ? null : found.high * factor);
  return app.words.number(Math.abs(value * factor), places);
}

function sizeWords(app, measure, value, number) {
  const kind = measure.per_thousand ? (measure.unit === "days" ? "days" : "persons") : measure.unit;
  return app.words.say(`size.${kind}.${value < 0 ? "less" : "more"}`, { number });
}

/** Return how many people of the group the rule touches, and how many of these end elsewhere. */
export function partedSentence(app) {
  const { words, core } = app;
  const people = partedOf(core, app.reform, app.group);
  const reform = core.parting.reforms[app.reform - 1];
  const elsewhere = people.filter((one) => one.before !== one.after).length;
  const said = {
    people: words.number(people.length),
    elsewhere: words.number(elsewhere),
    group: app.groupTitle(),
    all: words.number(core.parting.people),
    run: core.parting.replicate + 1,
  };
  const kept = reform.lives.length < reform.people ? "parted.kept" : "parted";
  return words.say(app.group === "all" || kept === "parted.kept" ? kept : "parted.group", { ...said, every: words.number(reform.people) });
}
