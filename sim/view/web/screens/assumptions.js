// Assumptions: what would you have to believe? Sliders with their passports, rival explanations, and what differs.

import { h } from "../parts/dom.js";
import { RUNS as INFLUENCE_RUNS } from "../influence.js";
import { figure } from "../parts/figure.js";
import { selectors } from "../parts/selectors.js";
import { slider } from "../parts/slider.js";
import { sentence } from "../parts/sentence.js";
import { drawDifferences, differencesNote, differencesTable } from "../parts/differences.js";

/** The numbers that a room argues about; all others are found by searching. */
export const DISPUTED = [
  "om.needed_base",
  "report.per_known_loss_of_permit",
  "report.per_fear_and_known_loss",
  "report.per_transfer_not_awaited",
  "signal.known_loss_of_permit_ratio",
  "signal.comes_forward_per_year",
  "trait.knowledge",
  "strategic.share",
  "strategic.known_loss_of_permit_ratio",
  "leaves.transfer_per_year",
  "leaves.trafficker_per_year",
  "leaves.onward_per_year",
  "leaves.waiting_per_year",
  "lead.base",
  "lead.exploited_nl",
  "interview.leads_asked",
  "asylum_instead.per_known_loss_of_permit",
  "leaves_instead.per_known_loss_of_permit",
  "abroad.finds_protection",
  "control.re_exploited_abroad_ratio",
  "avim.reports_per_working_day",
  "avim.intakes_per_working_day",
  "om.necessity_tests_per_working_day",
  "dtv.transfers_per_working_day",
  "coa.reception_places",
  "shelter.specialised_places",
];
const MOST = 40;

export const assumptions = {
  name: "assumptions",
  mount(root, app) {
    const { words, core } = app;
    const controls = h("div", { class: "controls" });
    const answer = sentence();
    const changed = h("div", { class: "changed-list" });
    const presets = h("div", { class: "presets" });
    const list = h("div", { class: "sliders" });
    const count = h("p", { class: "small" });
    const told = h("span", { class: "small", role: "status" });
    const asking = h("button", { type: "button", id: "influence", onclick: ask }, words.say("influence.ask"));
    const search = h("input", { type: "search", id: "search", value: app.search ?? "", oninput: (event) => { app.search = event.target.value; fill(); } });
    const differences = figure(app, {
      name: "differences",
      title: () => words.say("differences.title", { group: app.groupTitle() }),
      note: () => differencesNote(app),
      draw: (node, width) => drawDifferences(node, width, app),
      table: () => differencesTable(app),
    });
    root.append(
      h("h1", { class: "visually-hidden" }, words.say("screen.assumptions")),
      controls,
      h(
        "div",
        { class: "columns assumptions" },
        h("div", { class: "sticky" }, answer.node, changed, differences.node),
        h(
          "div",
          null,
          h("section", { class: "figure" }, h("h2", null, words.say("assumptions.numbers")), h("label", { class: "field", for: "search" }, h("span", null, words.say("assumptions.search")), search), count, h("p", { class: "row" }, asking, " ", told), list),
          h("section", { class: "figure" }, h("h2", null, words.say("assumptions.presets")), h("p", { class: "small" }, words.say("assumptions.presets.note")), presets),
        ),
      ),
    );
    let sliders = [];
    function fill() {
      const { found, chosen } = matching(core, app.search ?? "", words);
      // What is known of their influence orders them; the others keep their order.
      chosen.sort((a, b) => app.influence.size(b.name) - app.influence.size(a.name));
      sliders = chosen.map((parameter) => slider(app, parameter));
      list.replaceChildren(...sliders.map((one) => one.node));
      count.textContent = words.say("assumptions.count", { shown: words.number(chosen.length), found: words.number(found.length), all: words.number(core.parameters.filter((one) => one.slider).length) });
      for (const one of sliders) one.update();
    }
    fill();
    async function ask() {
      if (app.influence.isBusy) {
        app.influence.cancel();
        return;
      }
      const numbers = matching(core, app.search ?? "", words).chosen.filter(({ name }) => app.engine.moves(name));
      const tell = (done) => {
        told.textContent = words.say("influence.busy", { done: words.number(done), all: words.number(numbers.length) });
        for (const one of sliders) one.update();
      };
      asking.textContent = words.say("influence.stop");
      try {
        tell(0);
        const whole = await app.influence.ask(numbers, tell);
        told.textContent = words.say(whole ? "influence.done" : "influence.stopped", { runs: words.runs(INFLUENCE_RUNS) });
      } catch (error) {
        told.textContent = words.say("notice.problem", { problem: words.maybe(error.message) ?? error.message });
      }
      asking.textContent = words.say("influence.ask");
      fill();
    }
    asking.hidden = !core.parameters.some(({ name }) => app.engine.moves(name));
    return () => {
      controls.replaceChildren(...selectors(app));
      answer.update(app);
      changed.replaceChildren(...changes(app));
      presets.replaceChildren(...core.presets.map((preset) => card(app, preset)));
      for (const one of sliders) one.update();
      differences.update();
    };
  },
};

/** Return the numbers that a search finds, the disputed ones without a search. */
export function matching(core, search, words) {
  const sliders = core.parameters.filter((one) => one.slider);
  const text = search.trim().toLowerCase();
  if (!text) {
    const known = new Map(sliders.map((one) => [one.name, one]));
    const chosen = DISPUTED.map((name) => known.get(name)).filter(Boolean);
    return { found: chosen, chosen };
  }
  const found = sliders.filter((one) => `${one.name} ${words.maybe(`parameter.${one.name}`) ?? ""} ${one.note}`.toLowerCase().includes(text));
  return { found, chosen: found.slice(0, MOST) };
}

/** Return everything that differs from the default, with a way back for each. */
function changes(app) {
  const { words, core, state } = app;
  const numbers = Object.entries(state.changes ?? {}).map(([name, value]) => {
    const parameter = core.parameters.find((one) => one.name === name);
    const text = words.say("changed.number", { name: words.maybe(`parameter.${name}`) ?? name, value: words.short(value), before: words.short(parameter.value) });
    return [text, () => app.set({ changes: Object.fromEntries(Object.entries(state.changes).filter(([other]) => other !== name)) })];
  });
  const explanations = (state.presets ?? []).map((name) => [presetTitle(app, core.presets.find((one) => one.name === name || one.id === name)), () => app.set({ presets: state.presets.filter((other) => other !== name) })]);
  const readings = Object.entries(state.readings ?? {}).map(([name, answer]) => [words.say("changed.reading", { name, answer }), () => app.set({ readings: Object.fromEntries(Object.entries(state.readings).filter(([other]) => other !== name)) })]);
  const all = [...numbers, ...explanations, ...readings];
  if (!all.length) return [h("p", { class: "small" }, words.say("changed.none"))];
  return [
    h("h2", null, words.say("changed.title")),
    h("ul", null, all.map(([text, undo]) => h("li", null, text, " ", h("button", { type: "button", class: "quiet-button", onclick: undo }, words.say("slider.reset.short"))))),
    h("button", { type: "button", id: "reset-all", onclick: () => app.set({ changes: {}, presets: [], readings: {} }) }, words.say("changed.reset")),
    " ",
    h("button", { type: "button", id: "replay", onclick: () => app.replay() }, words.say("changed.replay")),
  ];
}

export const presetTitle = (app, preset) => (preset ? `${preset.id}. ${app.words.say(`preset.${preset.name}`)}` : "");

function card(app, preset) {
  const { words, state } = app;
  const on = (state.presets ?? []).some((name) => name === preset.name || name === preset.id);
  const others = (state.presets ?? []).filter((name) => name !== preset.name && name !== preset.id);
  return h(
    "div",
    { class: `card ${on ? "on" : ""}` },
    h("label", null, h("input", { type: "checkbox", id: `preset-${preset.name}`, checked: on, disabled: !app.engine.whole, onchange: () => app.set({ presets: on ? others : [...others, preset.name] }) }), " ", presetTitle(app, preset)),
    h("details", null, h("summary", null, words.say("assumptions.presets.more", { count: words.number(Object.keys(preset.parameters).length) })), h("p", { class: "small", lang: "en" }, preset.mechanism), h("p", { class: "small", lang: "en" }, words.say("assumptions.presets.holder"), " ", preset.holder.join("; ")), h("ul", { class: "small", lang: "en" }, preset.fails.map((text) => h("li", null, text)))),
  );
}
