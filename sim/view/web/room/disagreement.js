// Where people disagree: who moved which assumption how far, and whether the answer turns between them.

import { h } from "../parts/dom.js";
import { tableNode } from "../parts/figure.js";

export function disagreement(app, attempt) {
  const { words, room: line } = app;
  const holder = h("div", { class: "scroll" });
  const node = h("section", { class: "figure disagreement" }, h("h2", null, words.say("room.disagreement")), holder, h("p", { class: "small" }, words.say("room.disagreement.note")));
  const computing = new Set();
  const ask = (row) => attempt(async () => {
    computing.add(row.parameter);
    update();
    try {
      const { measure, group, ...state } = app.state;
      await line.tell("turns", { parameter: row.parameter, state: { ...state, measure: app.measure, group: app.group } });
    } finally {
      computing.delete(row.parameter);
      update();
    }
  });
  const turns = (row) => {
    if (row.lowest === null) return "";
    if (computing.has(row.parameter)) return words.say("room.turns.busy");
    if (row.turns) return told(words, row.turns);
    return line.isHost ? h("button", { type: "button", onclick: ask(row) }, words.say("room.turns.ask")) : "";
  };
  const value = (number) => (number === null ? "" : words.short(number));
  function update() {
    node.hidden = !line.isRead || !line.isIn;
    const rows = line.seen?.disagreement ?? [];
    if (!rows.length) return holder.replaceChildren(h("p", null, words.say("room.disagreement.none")));
    const head = ["room.parameter", "room.lowest", "room.median", "room.highest", "room.touched", "room.turns"].map((key) => words.say(key));
    return holder.replaceChildren(
      tableNode({ head, rows: rows.map((row) => [words.maybe(`parameter.${row.parameter}`) ?? row.parameter, value(row.lowest), value(row.median), value(row.highest), words.say("room.touched.of", { count: row.touched, of: row.of }), turns(row)]) }, words.say("room.disagreement.caption")),
    );
  }
  return { node, update };
}

/** Return whether a disagreement matters: the answer, where it turns, and whether other people say so too. */
export function told(words, { answer, again, at, change, runs }) {
  const places = (number) => words.number(number, Number.isInteger(number) ? 0 : 2);
  const parts = [words.say(`room.turns.${answer}`)];
  if (at !== null) parts.push(words.say(`room.turns.at.${answer}`, { at: places(at), change: words.number(Math.abs(change), 2), direction: words.say(change < 0 ? "room.turns.down" : "room.turns.up") }));
  else if (answer === "no") parts.push(words.say("room.turns.nowhere"));
  parts.push(words.say(`room.turns.again.${again === answer ? "same" : "other"}`, { runs: words.runs(runs) }));
  return parts.join(" ");
}
