// What is shown of a card after the reveal: the answers of the room, and what the model says.

import { h, s, rootSize } from "../parts/dom.js";
import { decimals } from "../numbers.js";
import { CHOICES, line as numberLine, stacks } from "../draw/votes.js";

export function drawVotes(holder, width, app) {
  const { words, room: line } = app;
  const { votes, amounts, model } = line.seen.table;
  const em = rootSize();
  if (!votes) return holder.replaceChildren(h("p", { class: "sentence" }, words.say("room.few")));
  const plan = stacks(votes, { width, em });
  const names = line.card.words[words.language];
  const label = CHOICES.map((choice) => `${names[choice]}: ${words.number(votes[choice])}`).join("; ");
  const svg = s("svg", { width: plan.width, height: plan.height, role: "img", "aria-label": label });
  for (const dot of plan.dots) svg.append(s("circle", { class: "answer-dot", cx: dot.x, cy: dot.y, r: dot.r }));
  svg.append(s("line", { class: "axis", x1: 0, x2: width, y1: plan.base, y2: plan.base }));
  for (const { choice, x, count } of plan.columns) {
    const isModel = model?.choice === choice;
    svg.append(s("text", { x, y: plan.base + 1.3 * em, "text-anchor": "middle", class: "value" }, `${names[choice]}: ${words.number(count)}`));
    if (isModel) svg.append(s("text", { x, y: plan.base + 2.7 * em, "text-anchor": "middle", class: "quiet" }, `\u25c6 ${words.say("room.model").toLowerCase()}`));
  }
  const drawn = [svg];
  if (amounts) drawn.push(h("p", { class: "small" }, words.say("room.amounts.title")), drawAmounts(amounts, perThousand(model?.answer), width, em, words));
  return holder.replaceChildren(...drawn);
}

function drawAmounts(amounts, runs, width, em, words) {
  const plan = numberLine(amounts, runs, { width, em });
  const svg = s("svg", { width: plan.width, height: plan.height, role: "img", "aria-label": words.say("room.amounts.title") });
  svg.append(s("line", { class: "axis", x1: 0, x2: width, y1: plan.axis, y2: plan.axis }), s("line", { class: "rule dark", x1: plan.zero, x2: plan.zero, y1: 0, y2: plan.height }));
  for (const { value, x } of plan.ticks) svg.append(s("text", { x, y: plan.axis + 1.2 * em, "text-anchor": "middle", class: "quiet" }, words.number(value, decimals(value), true)));
  for (const dot of plan.people) svg.append(s("circle", { class: "answer-dot", cx: dot.x, cy: dot.y, r: 0.35 * em }));
  for (const dot of plan.model) svg.append(s("circle", { class: "mean open", cx: dot.x, cy: dot.y, r: 0.3 * em }));
  return svg;
}

const perThousand = (answer) => (answer ? answer.differences.map((value) => (value === null ? null : (1000 * value) / answer.people)) : []);

export function votesTable(app) {
  const { words, room: line } = app;
  const { votes } = line.seen.table;
  const names = line.card.words[words.language];
  return {
    head: [words.say("room.answer"), words.say("room.votes.title")],
    rows: CHOICES.map((choice) => [names[choice], votes ? words.number(votes[choice]) : words.say("room.few")]),
  };
}

export function modelWords(app, card, model) {
  const { words } = app;
  const why = [h("h3", null, words.say("room.because")), h("p", null, words.title(card.because))];
  if (!model) return [h("h2", null, words.say("room.model")), h("p", null, words.say("room.model.none")), ...why];
  const choice = model.choice
    ? words.say("room.model.choice", { choice: card.words[words.language][model.choice] })
    : words.say("room.model.no_direction");
  return [
    h("h2", null, words.say("room.model")),
    h("p", { class: "sentence" }, modelSentence(app, model.answer)),
    h("p", null, h("strong", null, choice)),
    h("ul", null, model.beside.map((one) => h("li", null, modelSentence(app, one)))),
    h("p", { class: "small" }, words.say("room.model.runs", { runs: model.runs, of: model.of })),
    ...why,
  ];
}

function modelSentence(app, one) {
  const { words } = app;
  const measure = app.result.measure(one.measure) ?? app.core.measures.find((other) => other.name === one.measure && other.world === "simulated");
  const name = measure ? app.measureName(measure) : one.measure;
  if (one.difference === null) return words.say("room.model.undefined", { measure: name });
  const people = one.unit === "persons";
  const factor = people ? 1000 / one.people : one.unit === "share" ? 100 : 1;
  const scaled = (value) => (value === null ? null : value * factor);
  const [difference, low, high] = [one.difference, one.low, one.high].map(scaled);
  const places = decimals(difference, low, high);
  const said = { measure: name, difference: words.number(difference, places, true) };
  if (low === null) return words.say("room.model.one", said);
  return words.say(people ? "room.model.difference" : "room.model.difference.own", { ...said, low: words.number(low, places, true), high: words.number(high, places, true) });
}
