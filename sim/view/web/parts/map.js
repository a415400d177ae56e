// The map as a figure, and the steps of the station that is opened.

import { h, s, rootSize } from "./dom.js";
import { block, fitted, widthOf } from "./text.js";
import { figure, tableNode } from "./figure.js";
import { worldTitles, worldsKey } from "./worlds.js";
import { largest, layout, monthOf, present, widths } from "../draw/map.js";
import { STATIONS } from "../draw/stations.js";
import { isoOf } from "../draw/timeline.js";

export function map(app) {
  const { words, core } = app;
  let opened = null;
  const panel = h("div", { class: "scroll", hidden: true });
  const month = () => monthOf(core.parting.months, app.state.day ?? core.parting.months.at(-1));
  const date = () => words.date(isoOf(core.parting.months[month()], core.scenario.start));
  const drawn = figure(app, {
    name: "map",
    title: () => words.say("map.title", { date: date() }),
    note: () => words.say("map.note", { run: core.parting.replicate + 1 }),
    draw: (node, width) => draw(node, width, app, month(), open),
    table: () => table(app, month()),
  });
  drawn.node.append(panel);

  function open(id) {
    opened = opened === id ? null : id;
    show();
  }

  function show() {
    panel.hidden = opened === null;
    if (opened !== null) panel.replaceChildren(steps(app, month(), STATIONS.find((station) => station.id === opened)));
  }
  return { node: drawn.node, update: () => { drawn.update(); show(); } };
}

/** Return the name of a station without the places where a drawing may break it. */
const stationName = (words, id) => words.say(`station.${id}`).replaceAll("\u00ad", "");

const changedSteps = (app) => new Set(app.core.law.filter((row) => row.reform === app.core.regimes[app.reform].name).map((row) => row.step));

function draw(node, width, app, month, open) {
  const { core, words } = app;
  const em = rootSize();
  const key = `${app.reform}`;
  app.mostAt ??= new Map();
  if (!app.mostAt.has(key)) app.mostAt.set(key, largest(core.parting, app.reform));
  const most = app.mostAt.get(key);
  const number = widthOf(words.number(Math.max(...Object.values(most))), 0.93 * em);
  const tallest = app.projector ? window.innerHeight - node.getBoundingClientRect().top - window.scrollY - 3 * em : Infinity;
  const names = new Map(STATIONS.map(({ id }) => [id, fitted(words.say(`station.${id}`), widths(width, em).wide - 0.7 * em, 0.95 * em, 3)]));
  const lines = Math.max(...[...names.values()].map((name) => name.length));
  const plan = layout(present(core.parting, app.reform, month), most, changedSteps(app), { width, em, number, lines, tallest });
  const svg = s("svg", { width: plan.width, height: plan.height, role: "group", "aria-label": words.say("map.label") });
  for (const lane of plan.lanes) {
    svg.append(...block(fitted(words.say(`lane.${lane.lane}`), plan.left - 0.6 * em, em, 3), { x: 0, middle: lane.y + lane.tall / 2, em }));
  }
  for (const station of plan.stations) {
    const plain = stationName(words, station.id);
    const counts = words.say("map.counts", { before: words.number(station.counts[0]), after: words.number(station.counts[1]) });
    const group = s("g", { class: "station", tabindex: "0", role: "button", "aria-label": `${plain}: ${counts}`, onclick: () => open(station.id), onkeydown: (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); open(station.id); } } });
    group.append(s("rect", { x: station.x, y: station.y, width: station.wide, height: station.tall, class: "station-box" }));
    if (station.ringed) group.append(s("rect", { x: station.x + 4, y: station.y + 4, width: station.wide - 8, height: station.tall - 8, class: "station-ring" }));
    if (station.column > 0) svg.append(s("line", { class: "axis", x1: station.x - plan.gap, x2: station.x, y1: station.y + station.tall / 2, y2: station.y + station.tall / 2 }));
    group.append(...block(names.get(station.id), { x: station.x + 0.4 * em, middle: station.y + (0.15 + 0.58 * lines) * em, em, name: "station-name" }));
    station.bars.forEach((wide, world) => {
      const y = station.y + (0.66 + 1.16 * lines + world * 1.05) * em;
      const bar = Math.max(wide, station.counts[world] ? 1 : 0);
      group.append(
        s("rect", { x: station.x + 0.4 * em, y: y - 0.35 * em, width: bar, height: 0.7 * em, class: `count w${world}` }),
        s("text", { x: station.x + 0.65 * em + bar, y: y + 0.33 * em, class: "small-text" }, words.number(station.counts[world])),
      );
    });
    svg.append(group);
  }
  node.replaceChildren(worldsKey(app, (at) => `box c${at}`, "worlds small map-key"), svg);
  node.dots = [];
}

function table(app, month) {
  const { core, words } = app;
  const counts = present(core.parting, app.reform, month);
  return {
    head: [words.say("map.lane"), words.say("map.station"), ...worldTitles(app)],
    rows: STATIONS.map((station, k) => [words.say(`lane.${station.lane}`), stationName(words, station.id), ...counts[k].map((count) => words.number(count))]),
  };
}

function steps(app, month, station) {
  const { core, words } = app;
  const { parting } = core;
  const rows = station.steps.map((name) => [parting.steps.findIndex((step) => step.name === name), name]).filter(([at]) => at >= 0);
  const changed = changedSteps(app);
  const head = ["table.step", "law.old.people", "law.new.people", "map.changed", "table.source"].map((key) => words.say(key));
  const people = (at) => [0, app.reform].map((regime) => words.number(parting.present[regime][month][at]));
  const source = (step) => h("span", { class: "small source" }, step.article || step.law);
  return tableNode(
    { head, rows: rows.map(([at, name]) => [words.title(parting.steps[at].title), ...people(at), changed.has(name) ? words.say("map.yes") : "", source(parting.steps[at])]) },
    words.say("map.steps", { station: stationName(words, station.id) }),
  );
}
