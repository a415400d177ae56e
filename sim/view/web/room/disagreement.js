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
    if (row.turns) return words.say(`room.turns.${row.turns}`);
    return line.isHost ? h("button", { type: "button", onclick: ask(row) }, words.say("room.turns.ask")) : "";
  };
  const value = (number) => (number === null ? "" : words.short(number));
  function update() {
    node.hidden = !line.isRead || !line.isIn;
    const rows = line.seen?.disagreement ?? [];
    if (!rows.length) return holder.replaceChildren(h("p", null, words.say("room.disagreement.none")));
    const head = ["room.parameter", "room.lowest", "room.median", "room.highest", "room.touched", "room.turns"].map((key) => words.say(key));
    return holder.replaceChildren(
      tableNode({ head, rows: rows.map((row) => [row.parameter, value(row.lowest), value(row.median), value(row.highest), words.say("room.touched.of", { count: row.touched, of: row.of }), turns(row)]) }, words.say("room.disagreement")),
    );
  }
  return { node, update };
}
