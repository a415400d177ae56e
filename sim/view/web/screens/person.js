// One person: two lives on one calendar, the step where they part, and each move with its rule and source.

import { h, s, rootSize, menu, field } from "../parts/dom.js";
import { block, fitted } from "../parts/text.js";
import { figure } from "../parts/figure.js";
import { selectors } from "../parts/selectors.js";
import { worldTitles, worldsKey } from "../parts/worlds.js";
import { layout, lives } from "../draw/life.js";
import { dayOf, isoOf } from "../draw/timeline.js";
import { partedOf } from "../results.js";

const ORDER = ["whereabouts.whereabouts", "control.control", "asylum.asylum", "dublin.claim", "dublin.clock", "dublin.review", "dublin.custody", "b8.file", "b8.reflection", "b8.placement", "investigation.statement"];

export const person = {
  name: "person",
  mount(root, app) {
    const { words } = app;
    const controls = h("div", { class: "controls" });
    const title = h("p", { class: "sentence" });
    const note = h("p", { class: "small" });
    const parts = h("div", { class: "parts" });
    const timeline = figure(app, {
      name: "life",
      title: () => words.say("life.title"),
      note: () => words.say("life.note"),
      draw: (node, width) => drawLife(node, width, app),
      table: () => lifeTable(app),
    });
    const stories = h("div", { class: "stories" });
    root.append(h("h1", { class: "visually-hidden" }, words.say("screen.person")), controls, title, parts, timeline.node, stories, note);
    return () => {
      controls.replaceChildren(...chooser(app));
      const chosen = chosenOf(app);
      for (const node of [timeline.node, parts, stories]) node.hidden = !chosen;
      if (!chosen) {
        title.textContent = words.say("life.nobody", { group: app.groupTitle() });
        note.textContent = "";
        return;
      }
      const unknown = app.state.person !== undefined && app.state.person !== chosen.person.key;
      title.textContent = `${unknown ? `${words.say("life.unknown")} ` : ""}${app.personName({ month: chosen.person.month, number: chosen.person.number })}`;
      parts.replaceChildren(...partingText(app, chosen));
      stories.replaceChildren(...storyNodes(app, chosen));
      note.textContent = words.say("life.stored", { run: app.core.parting.replicate + 1, seed: app.core.scenario.seed, key: chosen.person.key });
      timeline.update();
    };
  },
};

/** Return the people of the group from whom one is drawn, by the filter of the screen. */
function candidates(app) {
  const people = partedOf(app.core, app.reform, app.group);
  if (app.drawFrom === "elsewhere") return people.filter((one) => one.before !== one.after);
  return people.filter((one) => one.day !== null);
}

/** Return the person who is shown first: who came within the period, where there is one. */
function firstOf(app) {
  const people = candidates(app);
  return people.find((one) => one.month >= app.core.scenario.start.slice(0, 7)) ?? people[0];
}

function chosenOf(app) {
  const { core } = app;
  const { persons, reforms } = core.parting;
  let number = persons.findIndex((one) => one.key === app.state.person);
  if (number < 0) number = firstOf(app)?.number ?? -1;
  if (number < 0) return null;
  return { person: persons[number], life: reforms[app.reform - 1].lives.find((life) => life.person === number) ?? null, number };
}

function chooser(app) {
  const { words } = app;
  const from = ["parted", "elsewhere"].map((value) => ({ value, text: words.say(`life.from.${value}`) }));
  const people = candidates(app);
  const at = people.findIndex((one) => one.number === chosenOf(app)?.number);
  const go = (place) => app.set({ person: people[(place + people.length) % people.length].key });
  const none = people.length === 0;
  return [
    ...selectors(app, { measure: false }),
    field(words.say("life.from"), menu(from, app.drawFrom ?? "parted", (value) => { app.drawFrom = value; app.update(); }, { id: "draw-from" })),
    h("button", { type: "button", id: "draw-one", disabled: none, onclick: () => go(Math.floor(Math.random() * people.length)) }, words.say("life.draw")),
    h("button", { type: "button", id: "previous", disabled: none, onclick: () => go(at - 1) }, words.say("life.previous")),
    h("button", { type: "button", id: "next", disabled: none, onclick: () => go(at + 1) }, words.say("life.next")),
    h("span", { class: "small" }, words.say("life.count", { count: words.number(people.length) })),
  ];
}

function drawLife(node, width, app) {
  const { core, words } = app;
  const em = rootSize();
  const { steps, tracks } = core.parting;
  const { person: one, life } = chosenOf(app);
  const last = dayOf(core.scenario.end, core.scenario.start);
  const two = lives(one, life);
  const plan = layout(two, steps, ORDER, last, { width, em });
  const svg = s("svg", { width: plan.width, height: plan.height, role: "img", "aria-label": words.say("life.label", { person: app.personName(one) }) });
  const year = Number(isoOf(plan.first, core.scenario.start).slice(0, 4));
  for (let at = year; dayOf(`${at}-01-01`, core.scenario.start) <= last; at += 1) {
    const day = Math.max(dayOf(`${at}-01-01`, core.scenario.start), plan.first);
    svg.append(s("line", { class: "rule", x1: plan.x(day), x2: plan.x(day), y1: 1.2 * em, y2: plan.height }), s("text", { x: plan.x(day) + 3, y: em, class: "quiet small-text" }, String(at)));
  }
  const titles = new Map(tracks.map((track) => [track.name, words.title(track.title)]));
  for (const row of plan.rows) svg.append(...block(fitted(titles.get(row.track), plan.left - em, em, 3), { x: 0, middle: row.top + row.bar, em }));
  for (const bar of plan.bars) {
    const name = words.title(steps[bar.step].title);
    const dates = words.say("life.spell", { step: name, from: words.date(isoOf(bar.from, core.scenario.start)), until: words.date(isoOf(bar.until, core.scenario.start)) });
    svg.append(s("rect", { x: bar.x, y: bar.y, width: bar.wide, height: bar.tall, class: `spell w${bar.world}` }, s("title", null, dates)));
    if (bar.wide > 3.5 * em) svg.append(s("text", { x: bar.x + 0.25 * em, y: bar.y + 1.05 * em, class: "small-text" }, fitted(name.replaceAll(" ", "\u00a0"), bar.wide - 0.5 * em, 0.93 * em, 1)[0].replaceAll("\u00a0", " ")));
  }
  if (plan.parting !== null) svg.append(s("line", { class: "parting-line", x1: plan.parting, x2: plan.parting, y1: 1.2 * em, y2: plan.height }));
  node.replaceChildren(svg, worldsKey(app, (at) => `box w${at}`));
  node.dots = [];
}

/** Return the sentence on where two lives part, with what each text says there. */
function partingText(app, chosen) {
  const { core, words } = app;
  const two = lives(chosen.person, chosen.life);
  const [before, after] = [two.before[two.shared], two.after[two.shared]];
  if (!before && !after) return [h("p", { class: "lead" }, words.say("life.same"))];
  const day = Math.min(...[before, after].filter(Boolean).map((move) => move.day));
  return [
    h("p", { class: "lead" }, words.say("life.parts", { date: words.date(isoOf(day, core.scenario.start)) })),
    h(
      "div",
      { class: "columns" },
      [[before, 0], [after, app.reform]].map(([move, regime]) => h("div", { class: `part w${regime ? 1 : 0}` }, h("h2", null, words.title(core.regimes[regime].title)), move ? moveNodes(app, move) : h("p", null, words.say("life.ends")))),
    ),
  ];
}

/** Return one move: day, step, who acts, why, and the law. */
function moveNodes(app, { day, step, cause }, isOpen = true) {
  const { core, words } = app;
  const { steps, causes } = core.parting;
  const one = steps[step];
  const why = causes[cause];
  return [
    h("p", null, h("strong", null, words.date(isoOf(day, core.scenario.start))), " ", words.title(one.title)),
    h("p", { class: "small" }, words.say("life.by", { who: actor(app, one.by) }), " ", causeText(app, why)),
    isOpen || !one.article ? h("p", { class: "small source" }, sourceText(app, one, why)) : h("details", { class: "source" }, h("summary", null, `${one.article} [${app.words.say(`status.${one.status}`)}]`), h("p", { class: "small" }, why.law || one.law)),
  ];
}

export function actor(app, by) {
  return core_title(app, by) ?? app.words.maybe(`actor.${by}`) ?? by;
}

const core_title = (app, by) => {
  const title = app.core.authorities?.[by];
  return title ? app.words.title(title) : null;
};

export function causeText(app, cause) {
  if (cause.kind === "signal") return app.words.say("cause.signal");
  if (cause.kind === "event") return app.words.say("cause.event", { event: app.words.title(cause.words) });
  return cause.words.en ? app.words.say("cause.since", { words: app.words.title(cause.words) }) : "";
}

function sourceText(app, step, cause) {
  const { words } = app;
  return `${step.article ? `${step.article}. ` : ""}${cause.law || step.law} [${words.say(`status.${step.status}`)}]`;
}

function storyNodes(app, chosen) {
  const { core, words } = app;
  const two = lives(chosen.person, chosen.life);
  const list = (moves) => h("ol", { class: "moves" }, moves.map((move) => h("li", null, moveNodes(app, move, false))));
  return [
    h("details", null, h("summary", null, words.say("life.before", { count: words.number(two.shared) })), list(two.before.slice(0, two.shared))),
    h(
      "div",
      { class: "columns" },
      [[two.before, 0], [two.after, app.reform]].map(([moves, regime]) =>
        h("section", null, h("h2", null, words.say("life.onward", { regime: words.title(core.regimes[regime].title) })), moves.length > two.shared ? list(moves.slice(two.shared)) : h("p", null, words.say("life.ends"))),
      ),
    ),
  ];
}

function lifeTable(app) {
  const { core, words } = app;
  const { steps, causes } = core.parting;
  const { person: one, life } = chosenOf(app);
  const two = lives(one, life);
  const row = (move, name) => [words.date(isoOf(move.day, core.scenario.start)), name, words.title(steps[move.step].title), causeText(app, causes[move.cause]), sourceText(app, steps[move.step], causes[move.cause])];
  const [old, other] = worldTitles(app);
  return {
    head: [words.say("table.date"), words.say("table.regime"), words.say("table.step"), words.say("table.why"), words.say("table.source")],
    rows: [
      ...two.before.slice(0, two.shared).map((move) => row(move, words.say("life.both"))),
      ...two.before.slice(two.shared).map((move) => row(move, old)),
      ...two.after.slice(two.shared).map((move) => row(move, other)),
    ],
  };
}
