// The calendar of the scenario: dated rules and events.

import { h, s, rootSize } from "./dom.js";
import { dayOf, isoOf, layout } from "../draw/timeline.js";

export function calendar(app) {
  const drawing = h("div", { class: "drawing calendar" });
  const node = h("section", { class: "figure", "aria-labelledby": "calendar-title" }, h("h2", { id: "calendar-title" }, app.words.say("calendar.title")), drawing);
  return { node, update: () => draw(drawing, app) };
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
  node.replaceChildren(svg);
}
