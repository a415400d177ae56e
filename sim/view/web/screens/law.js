// The law: where lives part, what the text changed with source and status, and the open questions.

import { h } from "../parts/dom.js";
import { tableNode } from "../parts/figure.js";
import { selectors } from "../parts/selectors.js";
import { sentence } from "../parts/sentence.js";
import { leaves, lives } from "../draw/life.js";
import { compared } from "../draw/wording.js";

export const law = {
  name: "law",
  mount(root, app) {
    const { words } = app;
    const controls = h("div", { class: "controls" });
    const answer = sentence();
    const decided = h("div", { class: "scroll" });
    const changes = h("div", { class: "law-changes" });
    const questions = h("div", { class: "questions" });
    root.append(
      h("h1", { class: "visually-hidden" }, words.say("screen.law")),
      controls,
      section(words.say("law.parts.title"), h("p", { class: "small" }, words.say("law.parts.note", { run: app.core.parting.replicate + 1 })), decided),
      section(words.say("law.changes.title"), h("p", { class: "small" }, words.say("law.changes.note")), changes),
      section(words.say("law.questions.title"), h("p", { class: "small" }, words.say(!app.engine.whole ? "law.questions.frozen" : "law.questions.note")), answer.node, questions),
    );
    return () => {
      controls.replaceChildren(...selectors(app));
      answer.update(app);
      decided.replaceChildren(partsTable(app));
      changes.replaceChildren(changesTable(app));
      questions.replaceChildren(...app.core.readings.map((reading) => question(app, reading)));
    };
  },
};

const section = (title, ...children) => h("section", { class: "figure" }, h("h2", null, title), ...children);

/** Return where the lives of the group part: [{from, old, new, people}], the most people first. */
export function partings(app) {
  const { persons, reforms, steps } = app.core.parting;
  const at = app.groupAt();
  const found = new Map();
  for (const life of reforms[app.reform - 1].lives) {
    const one = persons[life.person];
    if (app.group !== "rule_changed" && !one.groups.includes(at)) continue;
    const two = lives(one, life);
    const [before, after] = [two.before[two.shared]?.step ?? null, two.after[two.shared]?.step ?? null];
    if (before === null && after === null) continue;
    const from = leaves(two, steps);
    const key = `${from} ${before} ${after}`;
    const row = found.get(key) ?? { from, before, after, people: 0, elsewhere: 0 };
    row.people += 1;
    row.elsewhere += Number(one.outcome !== life.outcome);
    found.set(key, row);
  }
  return [...found.values()].sort((a, b) => b.people - a.people);
}

function partsTable(app) {
  const { words, core } = app;
  const step = (at) => (at === null ? words.say("law.parts.nothing") : words.title(core.parting.steps[at].title));
  const rows = partings(app);
  const shown = rows.slice(0, 12);
  const rest = rows.slice(12).reduce((sum, row) => sum + row.people, 0);
  const head = ["law.parts.at", "law.parts.old", "law.parts.new", "law.parts.people", "law.parts.elsewhere"].map((key) => words.say(key));
  const onward = (row, at) => (row.before === row.after ? words.say("law.parts.otherday", { step: step(at) }) : step(at));
  const cells = shown.map((row) => [row.from === null ? words.say("law.parts.start") : step(row.from), onward(row, row.before), onward(row, row.after), words.number(row.people), words.number(row.elsewhere)]);
  if (rest) cells.push([words.say("law.parts.rest", { count: words.number(rows.length - 12) }), "", "", words.number(rest), ""]);
  return tableNode({ head, rows: cells });
}

function changesTable(app) {
  const { words, core } = app;
  const titles = new Map(core.parting.steps.map((step) => [step.name, words.title(step.title)]));
  const layers = new Map(core.regimes.flatMap((regime) => regime.layers).map((layer) => [layer.name, words.title(layer.title)]));
  const rows = core.law.filter((row) => row.reform === core.regimes[app.reform].name);
  const from = partings(app);
  const decides = (name) => from.filter((row) => row.from !== null && core.parting.steps[row.from].name === name).reduce((sum, row) => sum + row.people, 0);
  const seen = new Set();
  return h(
    "table",
    { class: "law" },
    h("thead", null, h("tr", null, ["table.step", "law.what", "law.old", "law.new", "law.decides", "table.source"].map((key) => h("th", { scope: "col" }, words.say(key))))),
    h(
      "tbody",
      null,
      rows.map((row) => {
        const first = !seen.has(row.step);
        seen.add(row.step);
        const count = decides(row.step);
        const [old, fresh] = compared(...[row.old, row.new].map((text) => dated(words, words.title(text))));
        return h(
          "tr",
          null,
          h("th", { scope: "row" }, titles.get(row.step) ?? layers.get(row.step) ?? words.title(row.title), h("br"), h("code", null, row.step)),
          h("td", null, words.title(row.what)),
          h("td", null, marked(old, "del")),
          h("td", null, marked(fresh, "ins"), row.why.en ? h("p", { class: "small", ...saidIn(words, row.why) }, words.title(row.why)) : null),
          h("td", null, first && count ? words.number(count) : ""),
          h("td", { class: "small source" }, row.source, " ", row.status ? h("span", { class: "label" }, words.say(`status.${row.status}`)) : null),
        );
      }),
    ),
  );
}

/** Return the language of a text that is in English only, where another one is spoken. */
const saidIn = (words, text) => ({ lang: text.en === text.nl && words.language !== "en" ? "en" : null });

/** Return a text that is one date as people write it, any other as it is. */
const dated = (words, text) => (/^\d{4}-\d{2}-\d{2}$/.test(text) ? words.date(text) : text);

/** Return the runs of a wording, those that the other text lacks as an element of their own. */
const marked = (found, kind) => found.map(([text, kept]) => (kept ? lines(text) : h(kind, null, lines(text))));

/** Return a wording with each of its numbered ways on a line of its own. */
const lines = (text) => text.split(/(?<=; )(?=\d+\. )/).flatMap((line, at) => (at || /^[2-9]\. /.test(line) ? [h("br"), line] : [line]));

function question(app, reading) {
  const { words, state } = app;
  const chosen = state.readings?.[reading.name] ?? reading.used;
  const frozen = !app.engine.whole;
  const choose = (name) => {
    const readings = { ...state.readings, [reading.name]: name };
    if (name === reading.used) delete readings[reading.name];
    app.set({ readings });
  };
  return h(
    "fieldset",
    { class: "question" },
    h("legend", null, `${reading.name}. ${words.title(reading.question)} `, h("span", { class: "label" }, words.say(`status.${reading.status}`))),
    reading.answers.map((answer) =>
      h(
        "label",
        { class: "answer-choice" },
        h("input", { type: "radio", name: reading.name, id: `${reading.name}-${answer.name}`, checked: answer.name === chosen, disabled: frozen, onchange: () => choose(answer.name) }),
        words.title(answer.title),
        answer.name === reading.used ? ` (${words.say("law.used")})` : "",
      ),
    ),
    h("p", { class: "small", ...saidIn(words, reading.why) }, words.title(reading.why)),
  );
}
