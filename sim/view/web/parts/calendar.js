// The calendar of the scenario: dated rules and events.

import { h, s, rootSize } from "./dom.js";
import { monthOf } from "../draw/map.js";
import { dayOf, isoOf, layout } from "../draw/timeline.js";
import { partedOf } from "../results.js";

export function calendar(app) {
  const { words, core } = app;
  const { months } = core.parting;
  const last = months.at(-1);
  const drawing = h("div", { class: "drawing calendar" });
  const range = h("input", { type: "range", id: "day", min: 0, max: last, step: 1, "aria-labelledby": "day-label", oninput: () => { pause(); app.set({ day: Number(range.value) }); } });
  const label = h("label", { for: "day", id: "day-label" });
  const play = h("button", { type: "button", id: "play", onclick: toggle });
  const step = (by) => {
    const at = monthOf(months, app.state.day ?? last);
    app.set({ day: months[Math.min(Math.max(at + by, 0), months.length - 1)] });
  };
  const buttons = [
    play,
    h("button", { type: "button", id: "month-before", onclick: () => { pause(); step(-1); } }, words.say("calendar.before")),
    h("button", { type: "button", id: "month-after", onclick: () => { pause(); step(1); } }, words.say("calendar.after")),
    h("button", { type: "button", id: "to-the-end", onclick: () => { pause(); app.set({ day: null }); } }, words.say("calendar.end")),
  ];
  const node = h("section", { class: "figure calendar-figure", "aria-labelledby": "calendar-title" }, h("h2", { id: "calendar-title" }, words.say("calendar.title")), drawing, range, h("div", { class: "controls" }, buttons, label));

  /** Go through the months; where less motion is asked for, one month at a time by hand. */
  function toggle() {
    if (app.playing) return pause();
    if (window.matchMedia("(prefers-reduced-motion: reduce)").matches) return step(app.state.day === undefined ? -months.length : 1);
    if ((app.state.day ?? last) >= last) app.set({ day: 0 });
    app.playing = setInterval(() => {
      step(1);
      if ((app.state.day ?? last) >= last) pause();
    }, 450);
    return update();
  }

  function pause() {
    clearInterval(app.playing);
    app.playing = null;
    update();
  }

  function update() {
    const day = app.state.day ?? last;
    range.value = day;
    range.setAttribute("aria-valuetext", words.date(isoOf(day, core.scenario.start)));
    play.textContent = words.say(app.playing ? "calendar.pause" : "calendar.play");
    const people = partedOf(core, app.reform, app.group).filter((one) => one.day !== null);
    label.textContent = words.say("calendar.parted", { date: words.date(isoOf(day, core.scenario.start)), parted: words.number(people.filter((one) => one.day <= day).length), all: words.number(people.length) });
    draw(drawing, app);
  }
  return { node, update };
}

/** Return the dated events: rules that come into force, and external events that are on. */
export function eventsOf(app) {
  const { core, words } = app;
  const { start, events } = core.scenario;
  const layers = [0, app.reform].flatMap((at) => core.regimes[at].layers).filter((layer) => layer.in_force);
  const rules = layers.map((layer) => [layer.name, { key: layer.name, from: dayOf(layer.in_force, start), until: null, text: `${words.date(layer.in_force)}: ${words.title(layer.title)}` }]);
  const others = events.map((event) => ({
    key: event.name,
    from: dayOf(event.from, start),
    until: event.until ? dayOf(event.until, start) : null,
    text: `${words.date(event.from)}: ${words.maybe(`event.${event.name}`) ?? event.name.replaceAll("_", " ")}`,
  }));
  const days = dayOf(core.scenario.end, start);
  return [...new Map(rules).values(), ...others].filter((event) => event.from <= days && event.from >= 0);
}

function draw(node, app) {
  const em = rootSize();
  const { core, words } = app;
  const { start, end } = core.scenario;
  const days = dayOf(end, start);
  const plan = layout(eventsOf(app), { start, days }, { width: node.clientWidth, em });
  const svg = s("svg", { width: plan.width, height: plan.height, role: "img", "aria-label": words.say("calendar.label", { from: words.date(start), to: words.date(isoOf(days, start)) }) });
  svg.append(s("line", { class: "axis", x1: 0, x2: plan.width, y1: plan.axis, y2: plan.axis }));
  for (const { year, x } of plan.years) {
    svg.append(s("line", { class: "axis", x1: x, x2: x, y1: plan.axis, y2: plan.axis + 0.4 * em }), s("text", { x: x + 0.2 * em, y: plan.axis + 1.5 * em, class: "quiet small-text" }, String(year)));
  }
  for (const event of plan.events) {
    const y = (event.lane + 1) * plan.lane - 0.3 * em;
    svg.append(
      s("line", { class: "rule dark", x1: event.x, x2: event.x, y1: y + 0.25 * em, y2: plan.axis }),
      ...(event.until > event.x ? [s("line", { class: "span", x1: event.x, x2: event.until, y1: plan.axis, y2: plan.axis })] : []),
      s("text", { x: event.begins, y, class: "small-text" }, event.text),
    );
  }
  if (app.state.day !== undefined) svg.append(s("line", { class: "parting-line", x1: plan.x(app.state.day), x2: plan.x(app.state.day), y1: plan.axis - 0.6 * em, y2: plan.axis + 0.6 * em }));
  node.replaceChildren(svg);
}
