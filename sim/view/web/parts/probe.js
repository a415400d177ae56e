// The button beside a slider that asks what the number does to the chosen answer.

import { h } from "./dom.js";
import { decimals } from "../numbers.js";
import { movesQueues } from "../ladder.js";
import { answerOf, turning } from "../turning.js";

export function probe(app, parameter) {
  const { words } = app;
  const { name, low, high } = parameter;
  const said = h("p", { class: "small probe", role: "status" });
  const button = h("button", { type: "button", class: "quiet-button", id: `probe-${name.replaceAll(".", "-")}`, onclick: ask }, words.say("probe.ask"));
  let stop = null;

  async function ask() {
    stop?.abort();
    stop = new AbortController();
    const { signal } = stop;
    let runs = 0;
    const measure = app.result.measure(app.measure);
    said.textContent = words.say("probe.busy", { runs });
    try {
      const answer = answerOf(app, name, signal, () => {
        runs += 1;
        said.textContent = words.say("probe.busy", { runs });
      });
      const found = await turning(answer, { low, high });
      said.textContent = probeText(app, parameter, measure, found);
    } catch (error) {
      said.textContent = signal.aborted ? "" : words.say("notice.problem", { problem: words.maybe(error.message) ?? error.message });
    }
  }
  return !app.engine.moves(name) ? [] : [button, said];
}

/** Return an answer as a signed number, shares in percentage points. */
export function answerText(words, measure, { mean, low, high }) {
  if (mean === null) return words.say("undefined");
  const [value, ...ends] = [mean, low, high].map((one) => (one === null ? null : one * (measure.unit === "share" ? 100 : 1)));
  return words.number(value, decimals(value, ...ends), true);
}

/** Return in words what a number does to an answer. */
export function probeText(app, parameter, measure, found) {
  const { words } = app;
  const text = (answer) => answerText(words, measure, answer);
  const influence = words.say("probe.influence", { measure: app.measureName(measure), group: app.groupTitle(), low: text(found.low), high: text(found.high), from: words.short(parameter.low), until: words.short(parameter.high) });
  const turns = found.turns === null ? words.say("probe.nowhere") : words.say("probe.turns", { value: words.short(found.turns) });
  const unclear = found.unclear === null ? "" : found.unclear[0] === found.unclear[1] ? words.say("probe.unclear.one", { value: words.short(found.unclear[0]) }) : words.say("probe.unclear", { from: words.short(found.unclear[0]), until: words.short(found.unclear[1]) });
  const queues = movesQueues(app.core, { changes: { [parameter.name]: parameter.value } }) ? words.say("probe.queues") : "";
  return [influence, turns, unclear, queues].filter(Boolean).join(" ");
}
