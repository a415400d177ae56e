// The sentences of the page: neutral, with the interval, and with what that covers.

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
  const said = { ...values, size: sizeText(app, measure, found, found.mean), low: sizeText(app, measure, found, found.low), high: sizeText(app, measure, found, found.high) };
  const direction = `headline.${hasDirection(found) ? "direction" : "none"}${own}`;
  return [words.say(direction, said), beside(app), coverage(app)].filter(Boolean).join(" ");
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

/** Return what the interval covers, and whether the answer is established. */
export function coverage(app) {
  const { words, core, result } = app;
  const range = rangeOf(app, app.measure);
  if (range === null) return words.say(core.fitted && result.kind === "computed" ? "coverage.unfitted" : `coverage.${result.kind}`);
  const measure = result.measure(app.measure);
  const found = result.difference(app.measure, app.group, app.reform);
  const [low, high] = [range.low, range.high].map((value) => sizeText(app, measure, found, value));
  const said = { sets: words.number(range.sets), low, high };
  const first = result.kind === "preview" ? words.say("coverage.preview.short") : "";
  return [first, words.say("coverage.fitted", said)].filter(Boolean).join(" ");
}

function sizeText(app, measure, found, value) {
  const { words } = app;
  const factor = measure.unit === "share" ? 100 : 1;
  const scaled = value * factor;
  const places = decimals(found.mean * factor, found.low === null ? null : found.low * factor, found.high === null ? null : found.high * factor);
  const kind = measure.per_thousand ? (measure.unit === "days" ? "days" : "persons") : measure.unit;
  const sign = scaled < 0 ? "less" : "more";
  return words.say(`size.${kind}.${sign}`, { number: words.number(Math.abs(scaled), places) });
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
