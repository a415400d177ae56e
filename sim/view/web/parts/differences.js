// What differs: the drawing and the table, for whichever screen shows them.

import { s, rootSize } from "./dom.js";
import { block, fitted } from "./text.js";
import { SHOWN } from "./selectors.js";
import { amount, setsText } from "./sentence.js";
import { worldTitles } from "./worlds.js";
import { layout } from "../draw/differences.js";
import { rangeOf } from "../fitted.js";
import { decimals } from "../numbers.js";

function differenceRows(app) {
  const { result, words } = app;
  return SHOWN.map((name) => ({ name, measure: result.measure(name) }))
    .filter(({ measure }) => measure)
    .map(({ name, measure }) => {
      const share = measure.unit === "share" ? 100 : 1;
      const found = result.difference(name, app.group, app.reform);
      const scaled = (value) => (value === null ? null : value * share);
      const range = rangeOf(app, name);
      return {
        key: name,
        title: app.measureName(measure),
        long: words.title(measure.title),
        unit: app.unitOf(measure),
        shared: measure.per_thousand && measure.unit !== "days",
        mean: scaled(found.mean),
        low: scaled(found.low),
        high: scaled(found.high),
        from: range && range.low * share,
        until: range && range.high * share,
        count: found.count,
        values: found.values.map((value) => value * share),
        levels: [0, app.reform].map((regime) => scaled(result.level(name, app.group, regime).mean)),
      };
    })
    .filter((row) => row.count > 0)
    .sort((a, b) => Number(b.shared) - Number(a.shared));
}

export function drawDifferences(node, width, app) {
  const { words } = app;
  const em = rootSize();
  const rows = differenceRows(app);
  const plan = layout(rows, { width, em });
  const svg = s("svg", { width: plan.width, height: plan.height, role: "img", "aria-label": words.say("differences.title", { group: app.groupTitle() }) });
  const computed = app.result.kind === "computed";
  svg.append(s("line", { class: "axis", x1: plan.zero, x2: plan.zero, y1: 0, y2: plan.height }));
  if (plan.axis !== null) {
    for (const tick of plan.ticks) {
      svg.append(
        s("line", { class: "rule", x1: tick.x, x2: tick.x, y1: 0, y2: plan.axis }),
        s("text", { x: tick.x, y: plan.axis + 1.1 * em, "text-anchor": "middle", class: "quiet small-text" }, words.number(tick.value, tick.value % 1 ? 1 : 0, true)),
      );
    }
  }
  for (const row of plan.rows) {
    svg.append(...block(fitted(row.title, plan.left - em, em), { x: 0, middle: row.y, em, tip: `${row.long} (${row.unit})` }));
    if (row.fromX !== null) {
      svg.append(s("line", { class: "over-sets", x1: row.fromX, x2: row.untilX, y1: row.y, y2: row.y, "stroke-width": 0.75 * em }, s("title", null, words.say("differences.sets", { range: rangeText(words, row) }))));
    }
    for (const dot of row.dots) svg.append(s("circle", { cx: dot.x, cy: dot.y, r: 0.16 * em, class: "replicate" }));
    if (row.lowX !== null) {
      svg.append(s("line", { class: `mark1 interval ${computed ? "" : "hatched"}`, x1: row.lowX, x2: row.highX, y1: row.y, y2: row.y, "stroke-width": 0.22 * em }));
    }
    svg.append(
      s("circle", { cx: row.x, cy: row.y, r: 0.28 * em, class: computed ? "mean" : "mean open" }),
      s("text", { x: plan.isWide ? plan.right + 6.5 * em : plan.width, y: row.y + (plan.isWide ? 0.33 : -0.1) * em, "text-anchor": "end", class: "value" }, amount(words, row)),
      s("text", { x: plan.width, y: row.y + (plan.isWide ? 0.33 : 1.0) * em, "text-anchor": "end", class: "quiet small-text" }, intervalText(words, row)),
    );
  }
  node.replaceChildren(svg);
  node.dots = [];
}

/** Return what the marks are, and what they cover. */
export function differencesNote(app) {
  const { words, result } = app;
  const range = rangeOf(app, app.measure);
  const said = [words.say(`differences.note.${result.kind}`, { replicates: words.runs(result.replicates) })];
  if (range) said.push(words.say("differences.note.sets", { sets: setsText(words, range) }));
  return said.join(" ");
}

function intervalText(words, row) {
  if (row.low === null) return words.say("interval.none");
  const places = decimals(row.mean, row.low, row.high);
  return words.say("interval", { low: words.number(row.low, places, true), high: words.number(row.high, places, true) });
}

/** Return the range over the fitted sets, or that there is none. */
function rangeText(words, row) {
  if (row.from === null) return words.say("range.none");
  const places = decimals(row.mean, row.from, row.until);
  return words.say("interval", { low: words.number(row.from, places, true), high: words.number(row.until, places, true) });
}

export function differencesTable(app) {
  const { words } = app;
  return {
    head: [
      words.say("table.measure"),
      words.say("table.unit"),
      ...worldTitles(app),
      words.say("table.difference"),
      words.say("table.interval"),
      words.say("table.range"),
    ],
    rows: differenceRows(app).map((row) => [row.long, row.unit, ...row.levels.map((level) => words.short(level)), amount(words, row), intervalText(words, row), rangeText(words, row)]),
  };
}
