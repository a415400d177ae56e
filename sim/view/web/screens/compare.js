// Compare: whose lives part, what differs, when people leave, and one neutral sentence.

import { h, s, rootSize } from "../parts/dom.js";
import { block, fitted } from "../parts/text.js";
import { figure } from "../parts/figure.js";
import { calendar } from "../parts/calendar.js";
import { map } from "../parts/map.js";
import { selectors } from "../parts/selectors.js";
import { partedSentence, sentence } from "../parts/sentence.js";
import { worldTitles, worldsKey } from "../parts/worlds.js";
import { drawDifferences, differencesNote, differencesTable } from "../parts/differences.js";
import { layout as partingLayout, nearest } from "../draw/parting.js";
import { layout as incidenceLayout } from "../draw/incidence.js";
import { partedOf } from "../results.js";

const COLOURS = { before: "#333333", after: "#0072b2", same: "#b9b9b9", waits: "#ffffff" };

export const compare = {
  name: "compare",
  mount(root, app) {
    const { words, core } = app;
    const answer = sentence();
    const parted = h("p", { class: "lead" });
    const others = h("p", { class: "small" });
    const parting = figure(app, {
      name: "parting",
      title: () => words.say("parting.title"),
      note: () => words.say("parting.note", { run: core.parting.replicate + 1 }),
      draw: (node, width) => drawParting(node, width, app),
      table: () => partingTable(app),
    });
    const differences = figure(app, {
      name: "differences",
      title: () => words.say("differences.title", { group: app.groupTitle() }),
      note: () => differencesNote(app),
      draw: (node, width) => drawDifferences(node, width, app),
      table: () => differencesTable(app),
    });
    const incidence = figure(app, {
      name: "incidence",
      title: () => words.say("incidence.title", { group: app.groupTitle() }),
      note: () => words.say("incidence.note"),
      draw: (node, width) => drawIncidence(node, width, app),
      table: () => incidenceTable(app),
    });
    const capacities = h("details", { class: "small" });
    differences.node.append(capacities);
    const dates = calendar(app);
    const stations = map(app);
    const controls = h("div", { class: "controls" });
    root.append(
      h("h1", { class: "visually-hidden" }, words.say("screen.compare")),
      controls,
      h("div", { class: "answer" }, answer.node, parted),
      parting.node,
      others,
      h("div", { class: "columns" }, differences.node, incidence.node),
      dates.node,
      stations.node,
    );
    return () => {
      controls.replaceChildren(...selectors(app));
      answer.update(app);
      parted.textContent = partedSentence(app);
      const reform = core.parting.reforms[app.reform - 1];
      const spilled = reform.elsewhere_by_others;
      others.textContent = words.say(spilled ? "parting.others" : "parting.others.none", { count: words.number(spilled) });
      incidence.node.hidden = !core.incidence.curves[0][app.groupAt()];
      const found = limited(app);
      capacities.hidden = !found.length;
      capacities.replaceChildren(h("summary", null, words.say("limited", { count: words.number(found.length) })), ...found.map((sentence) => h("p", { class: "small" }, sentence)));
      for (const part of [parting, differences, incidence, dates, stations]) part.update();
    };
  },
};

/** Return sentences on figures that follow from an assumed capacity; of a changed state it is not known. */
function limited(app) {
  return app.result === app.stored ? (app.core.limited?.[app.words.language] ?? []).map((sentence) => `${sentence}.`) : [];
}

// ---- the parting ----

function drawParting(node, width, app) {
  const { core, words } = app;
  const em = rootSize();
  const people = partedOf(core, app.reform, app.group);
  const most = app.projector ? Math.max(window.innerHeight - node.getBoundingClientRect().top - window.scrollY - 4.5 * em, 15 * em) : 30 * em;
  const plan = partingLayout(people, core.outcomes.length, { width, em, most });
  const names = core.outcomes.map((outcome) => words.title(outcome.title));
  const svg = s("svg", { width: plan.width, height: plan.height, role: "img", "aria-label": partedSentence(app) });
  for (const band of plan.bands) {
    svg.append(
      s("path", { class: "band", d: band.path, "stroke-width": band.wide }, s("title", null, words.say("parting.band", { count: words.number(band.count), from: names[band.from], to: names[band.to] }))),
    );
  }
  for (const row of plan.rows) {
    const middle = row.top + row.height / 2;
    const side = (x, anchor, count) => {
      // The number stays with the last word.
      const counted = `${names[row.outcome]}\u00a0${words.number(count)}`;
      return block(fitted(counted, plan.label - 0.4 * em, em, 3), { x, middle, em, anchor, tip: counted });
    };
    svg.append(...side(plan.names[0], "end", row.before), ...side(plan.names[1], "start", row.after));
  }
  const canvas = h("canvas", { tabindex: "0", role: "img", "aria-label": words.say("parting.keys"), class: "dots" });
  const { day } = app.state;
  const waits = (dot) => day !== undefined && (dot.day === null || dot.day > day);
  const dots = plan.dots.map((dot) => ({
    ...dot,
    r: plan.radius,
    fill: waits(dot) ? COLOURS.waits : dot.moved ? (dot.side ? COLOURS.after : COLOURS.before) : COLOURS.same,
    stroke: waits(dot) ? COLOURS.same : null,
  }));
  paint(canvas, dots, plan);
  const tip = h("p", { class: "tip", hidden: true });
  const heads = worlds(app);
  heads.style.paddingInline = `${plan.margin}px`;
  node.replaceChildren(heads, h("div", { class: "stack" }, canvas, svg, tip));
  node.dots = dots;
  picking(canvas, dots, plan, tip, app, names);
}

function worlds(app) {
  const { words } = app;
  const [before, after] = worldTitles(app);
  return h(
    "p",
    { class: "worlds of-dots" },
    h("strong", null, "◀ ", before),
    h("span", { class: "key" }, h("i", { class: "dot same" }), words.say("parting.same"), h("i", { class: "dot before" }), h("i", { class: "dot after" }), words.say("parting.moved")),
    h("strong", null, after, " ▶"),
  );
}

function paint(canvas, dots, plan, chosen = null) {
  const ratio = window.devicePixelRatio || 1;
  canvas.width = plan.width * ratio;
  canvas.height = plan.height * ratio;
  canvas.style.width = `${plan.width}px`;
  canvas.style.height = `${plan.height}px`;
  const context = canvas.getContext("2d");
  context.scale(ratio, ratio);
  for (const dot of dots) {
    context.beginPath();
    context.arc(dot.x, dot.y, dot.r, 0, 2 * Math.PI);
    context.fillStyle = dot.fill;
    context.fill();
    if (dot.stroke) {
      context.lineWidth = 1;
      context.strokeStyle = dot.stroke;
      context.stroke();
    }
    if (chosen === dot.number) {
      context.lineWidth = 2.5;
      context.strokeStyle = "#000";
      context.beginPath();
      context.arc(dot.x, dot.y, dot.r + 3, 0, 2 * Math.PI);
      context.stroke();
    }
  }
}

function picking(canvas, dots, plan, tip, app, names) {
  const { words } = app;
  let at = -1;
  const order = dots.filter((dot) => dot.side === 0).sort((a, b) => a.before - b.before || a.x - b.x || a.y - b.y);
  const show = (dot) => {
    paint(canvas, dots, plan, dot?.number ?? null);
    tip.hidden = !dot;
    if (!dot) return;
    tip.textContent = words.say("parting.tip", { person: app.personName(dot), before: names[dot.before], after: names[dot.after] });
    tip.style.left = `${Math.min(dot.x + 12, plan.width * 0.6)}px`;
    tip.style.top = `${dot.y + 14}px`;
  };
  const under = (event) => {
    const box = canvas.getBoundingClientRect();
    return nearest(dots, event.clientX - box.left, event.clientY - box.top, plan.radius * 3);
  };
  canvas.addEventListener("mousemove", (event) => show(under(event)));
  canvas.addEventListener("mouseleave", () => show(null));
  canvas.addEventListener("click", (event) => {
    const dot = under(event);
    if (dot) app.set({ screen: "person", person: dot.key });
  });
  canvas.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, PageDown: 25, PageUp: -25 }[event.key];
    if (step && order.length) {
      at = Math.min(Math.max(at + step, 0), order.length - 1);
      show(order[at]);
      app.tell(tip.textContent);
      event.preventDefault();
    }
    if (event.key === "Enter" && at >= 0) app.set({ screen: "person", person: order[at].key });
  });
}

function partingTable(app) {
  const { core, words } = app;
  const people = partedOf(core, app.reform, app.group);
  const names = core.outcomes.map((outcome) => words.title(outcome.title));
  const count = (before, after) => people.filter((one) => one.before === before && one.after === after).length;
  return {
    head: [words.say("parting.table.head"), ...names, words.say("total")],
    rows: names.map((name, before) => {
      const counts = names.map((_, after) => count(before, after));
      return [name, ...counts.map((n) => words.number(n)), words.number(counts.reduce((sum, n) => sum + n, 0))];
    }),
  };
}

// ---- ways out ----

function curvesOf(app) {
  const { core } = app;
  const group = app.groupAt();
  return core.incidence.causes.map((outcome, cause) => ({
    key: outcome,
    lines: [0, app.reform].map((regime) => core.incidence.curves[regime][group][cause]),
  }));
}

function drawIncidence(node, width, app) {
  const { core, words } = app;
  const em = rootSize();
  const plan = incidenceLayout(curvesOf(app), core.incidence.days, { width, em, tall: (app.projector ? 12 : 6.2) * em });
  const svg = s("svg", { width: plan.width, height: plan.height, role: "img", "aria-label": words.say("incidence.title", { group: app.groupTitle() }) });
  for (const panel of plan.panels) {
    const place = s("g", { transform: `translate(${panel.x} ${panel.y})` });
    for (const tick of plan.ticks) {
      place.append(s("line", { class: "rule", x1: 0, x2: plan.wide, y1: tick.y, y2: tick.y }));
      if (panel.first) place.append(s("text", { x: -0.4 * em, y: tick.y + 0.3 * em, "text-anchor": "end", class: "quiet small-text" }, `${words.number(tick.share * 100, 0)}%`));
    }
    plan.years.forEach(({ year, x }) => place.append(s("text", { x, y: plan.tall + 1.2 * em, "text-anchor": "middle", class: "quiet small-text" }, String(year))));
    const title = words.title(core.outcomes[panel.key].title);
    const lines = fitted(title, plan.wide, em, 3);
    place.append(...block(lines, { x: 0, middle: -(1.6 + 0.58 * (lines.length - 1)) * em - 0.2 * em, em, tip: title }));
    const shares = panel.lines.map(({ last }) => (last === null ? words.say("undefined") : `${words.number(last * 100, 1)}%`));
    place.append(s("text", { x: 0, y: -0.35 * em, class: "small-text" }, shares.join(" | ")));
    panel.lines.forEach(({ path }, at) => place.append(s("path", { d: path ?? "", class: `line${at} dash${at}`, "stroke-width": 2 })));
    svg.append(place);
  }
  node.replaceChildren(svg, worldsKey(app, (at) => `stroke s${at}`));
  node.dots = [];
}

function incidenceTable(app) {
  const { core, words } = app;
  const last = core.incidence.days.at(-1);
  const regimes = worldTitles(app);
  const at = [1, 2, 3, 4].map((year) => core.incidence.days.findIndex((day) => day >= Math.min(year * 365, last)));
  return {
    head: [words.say("incidence.table.way"), words.say("table.regime"), ...[1, 2, 3, 4].map((year) => words.say("incidence.table.year", { year }))],
    rows: curvesOf(app).flatMap((curve) =>
      curve.lines.map((line, regime) => [
        words.title(core.outcomes[curve.key].title),
        regimes[regime],
        ...at.map((place) => (line[place] === null ? words.say("undefined") : `${words.number(line[place] * 100, 1)}%`)),
      ]),
    ),
  };
}
