// Notes, figures to ask for, and the minutes, which the host saves or nobody does.

import { h } from "../parts/dom.js";
import { save } from "../parts/figure.js";

const KINDS = ["question", "hypothesis", "finding", "decision"];

export function papers(app, attempt) {
  const { words, room: line } = app;
  const notes = h("ul");
  const figures = h("ul");
  const kind = h("select", { id: "note-kind" }, KINDS.map((one) => h("option", { value: one }, words.say(`room.note.${one}`))));
  const text = h("input", { id: "note-text", maxlength: 300, required: true });
  const [what, who, when] = ["figure", "figure-who", "figure-when"].map((id) => h("input", { id, maxlength: id === "figure" ? 120 : 80, required: true }));
  const noteForm = h(
    "form",
    { class: "row", onsubmit: attempt(async () => { line.notes = (await line.tell("note", { kind: kind.value, text: text.value })).notes; text.value = ""; update(); }) },
    h("label", { class: "field" }, h("span", null, words.say("room.notes")), kind),
    h("label", { class: "field wide" }, h("span", null, words.say("room.note.text")), text),
    h("button", { type: "submit", id: "note-add" }, words.say("room.note.add")),
  );
  const figureForm = h(
    "form",
    { class: "row", onsubmit: attempt(async () => { line.figures = (await line.tell("figure", { figure: what.value, who: who.value, when: when.value })).figures; for (const input of [what, who, when]) input.value = ""; update(); }) },
    h("label", { class: "field wide" }, h("span", null, words.say("room.figure")), what),
    h("label", { class: "field" }, h("span", null, words.say("room.figure.who")), who),
    h("label", { class: "field" }, h("span", null, words.say("room.figure.when")), when),
    h("button", { type: "submit", id: "figure-add" }, words.say("room.figure.add")),
  );
  const minutes = h("button", { type: "button", id: "room-minutes", onclick: attempt(saveMinutes) }, words.say("room.minutes"));
  const node = h("section", { class: "papers" }, h("h2", null, words.say("room.notes")), notes, noteForm, h("h2", null, words.say("room.figures")), figures, figureForm, h("p", { class: "row" }, minutes, h("span", { class: "small" }, words.say("room.minutes.note"))));
  async function saveMinutes() {
    const found = await line.tell("minutes", { language: words.language });
    save("b8sim-minutes.html", "text/html", found.page);
    save("b8sim-minutes.json", "application/json", JSON.stringify(found.log, null, 1));
  }
  function update() {
    node.hidden = !line.isRead || !line.isHost;
    if (node.hidden) return;
    line.notes ??= line.info.log.notes;
    line.figures ??= line.info.log.figures;
    notes.replaceChildren(...line.notes.map((one) => h("li", null, h("strong", null, `${words.say(`room.note.${one.kind}`)}: `), one.text)));
    figures.replaceChildren(...line.figures.map((one) => h("li", null, `${one.figure} (${one.who}, ${one.when})`)));
  }
  return { node, update };
}
