// The page: opens the data, keeps the state in the link, and shows one screen at a time.

import { h } from "./parts/dom.js";
import { keys } from "./parts/keys.js";
import { tourBar, tourTo } from "./parts/tour.js";
import { reproduce } from "./parts/reproduce.js";
import { Past, parsed, printed, simulated } from "./state.js";
import { Result } from "./results.js";
import { Influence } from "./influence.js";
import { LANGUAGES, Words } from "./words.js";
import { open } from "./engine/index.js";
import { engine as held, isFile, json } from "./inline.js";
import { Ladder, isStored } from "./ladder.js";
import { takeHost } from "./room/line.js";
import { screens } from "./screens/index.js";

const STAGE_MS = 1500; // between two questions for a later stage

/** What screens and parts share. */
class App {
  constructor(core, schema, engine, root) {
    Object.assign(this, { core, schema, engine, root });
    this.stored = Result.ofCore(core);
    this.result = this.stored;
    this.problem = null;
    this.projector = false;
    this.figureAt = 0;
    this.tour = null;
    const { state, mistakes } = parsed(location.hash, schema);
    this.past = new Past(this.known(state));
    this.strange = mistakes;
    this.ladder = new Ladder(this);
    this.influence = new Influence(this);
    this.screens = screens(this);
    window.addEventListener("hashchange", () => this.fromLink());
    window.addEventListener("resize", () => this.later(() => this.update()));
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.update());
    keys(this);
  }

  /** Return a state without names that the data do not have. */
  known(state) {
    const { core } = this;
    const kept = { ...state };
    const drop = (key, isKnown) => {
      if (kept[key] !== undefined && !isKnown(kept[key])) delete kept[key];
    };
    drop("group", (name) => core.groups.some((group) => group.name === name));
    drop("measure", (name) => core.measures.some((measure) => measure.name === name));
    drop("regimes", (names) => names[0] === core.regimes[0].name && names.every((name) => core.regimes.some((one) => one.name === name)));
    if (kept.changes) {
      const sliders = new Map(core.parameters.filter((one) => one.slider).map((one) => [one.name, one]));
      kept.changes = Object.fromEntries(Object.entries(kept.changes).filter(([name]) => sliders.has(name)));
    }
    return kept;
  }

  get state() {
    return this.past.now;
  }

  get words() {
    const language = this.state.language ?? (LANGUAGES.includes(document.documentElement.dataset.language) ? document.documentElement.dataset.language : "en");
    if (this.spoken?.language !== language) this.spoken = new Words(language);
    return this.spoken;
  }

  get group() {
    return this.state.group ?? (this.core.groups.some((group) => group.name === "dublin") ? "dublin" : "all");
  }

  get measure() {
    const chosen = this.state.measure;
    return chosen && this.result.measure(chosen) ? chosen : "b8_granted";
  }

  /** Position of the reform in view; the baseline is 0. */
  get reform() {
    const name = this.state.regimes?.[1];
    return Math.max(this.core.regimes.findIndex((regime) => regime.name === name), 1);
  }

  get screen() {
    return this.screens.some((screen) => screen.name === this.state.screen) ? this.state.screen : "compare";
  }

  groupAt() {
    return this.core.groups.findIndex((group) => group.name === this.group);
  }

  groupTitle() {
    return this.words.title(this.core.groups[this.groupAt()].title);
  }

  measureName(measure) {
    return this.words.maybe(`measure.${measure.name}`) ?? this.words.title(measure.title);
  }

  unitOf(measure) {
    if (measure.per_thousand) return this.words.say(measure.unit === "days" ? "unit.days_per_thousand" : "unit.per_thousand");
    return this.words.say(`unit.${measure.unit}`);
  }

  personName(person) {
    const [year, month] = person.month.split("-").map(Number);
    return this.words.say("person.name", { number: String(person.place ?? person.number).padStart(4, "0"), month: this.words.month(month), year });
  }

  receiptLine() {
    const { receipt, scenario } = this.core;
    const said = { version: receipt.version, scenario: scenario.name, seed: scenario.seed, replicates: scenario.replicates, source: receipt.source_hash.slice(0, 12), link: printed(this.state, this.schema) };
    return this.words.say(this.result === this.stored ? "receipt.sent" : "receipt.changed", said);
  }

  /** Change the state; a change of what is simulated is a step that can be undone. */
  set(patch) {
    const before = this.state;
    const next = this.known({ ...before, ...patch });
    for (const key of Object.keys(next)) if (next[key] === undefined || next[key] === null) delete next[key];
    const isStep = simulated(next) !== simulated(before) || next.screen !== before.screen;
    this.past.add(next, isStep);
    this.changed(before);
  }

  travel(by) {
    const before = this.state;
    const language = before.language;
    const now = this.past.move(by);
    if (language !== now.language) this.past.add({ ...now, language }, false);
    this.changed(before);
  }

  /** Show the state before the last change, and then the change again. */
  replay() {
    if (!this.past.canUndo) return;
    this.travel(-1);
    setTimeout(() => this.past.canRedo && this.travel(1), 1600);
  }

  fromLink() {
    const { state, mistakes } = parsed(location.hash, this.schema);
    if (printed(state, this.schema) === printed(this.state, this.schema) && !mistakes.length) return;
    if (takeHost()) return location.reload(); // the link of the host, in a page that is open
    this.strange = mistakes;
    const before = this.state;
    this.past.add(this.known(state), true);
    this.changed(before);
  }

  changed(before) {
    history.replaceState(null, "", printed(this.state, this.schema) || location.pathname + location.search);
    if (simulated(before) !== simulated(this.state)) this.ladder.move();
    if (before.screen !== this.state.screen || before.language !== this.state.language || before.regimes?.[1] !== this.state.regimes?.[1]) this.mount();
    else this.update();
  }

  /** Show a new result of the present state, or why there is none; the last good picture stays. */
  show(result, problem = null) {
    this.result = result ?? this.result;
    this.problem = problem;
    this.update();
  }

  /** Ask for the later stages of what the page opened with, and show each. */
  async grow() {
    while (this.core.stage && !this.core.stage.last) {
      await new Promise((resolve) => setTimeout(resolve, STAGE_MS));
      if (document.querySelector("input[type=range]:active")) continue; // a hand on a slider is not disturbed
      try {
        const response = await fetch(`data/later.json?stage=${this.core.stage.number}`);
        if (response.status === 200) this.renew(await response.json());
      } catch {
        // The server is busy or gone; the picture stays.
      }
    }
  }

  renew(core) {
    this.core = core;
    this.stored = Result.ofCore(core);
    if (isStored(this.state)) this.result = this.stored;
    else this.ladder.move();
    this.mount();
    if (isStored(this.state)) this.ladder.prepare();
  }

  tell(text) {
    if (this.live) this.live.textContent = text;
  }

  later(task) {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(task);
  }

  toggleProjector() {
    this.projector = !this.projector;
    this.figureAt = 0;
    document.documentElement.classList.toggle("projector", this.projector);
    this.mount();
  }

  mount() {
    const { words, root } = this;
    clearInterval(this.playing);
    this.playing = null;
    document.documentElement.lang = words.language;
    document.title = `b8sim: ${words.say(`screen.${this.screen}`)}`;
    const focused = document.activeElement?.id;
    const main = h("main", { id: "main", tabindex: "-1" });
    this.live = h("div", { class: "visually-hidden", role: "status", "aria-live": "polite" });
    this.notice = h("div", { class: "notices" });
    const bar = tourBar(this);
    root.replaceChildren(...[this.header(), this.notice, main, bar, this.footer(), this.live].filter(Boolean));
    const screen = this.screens.find((one) => one.name === this.screen);
    this.main = main;
    const article = document.getElementById("report");
    if (article) article.hidden = this.screen !== "report";
    document.documentElement.classList.remove("opening");
    this.updateScreen = screen.mount(main, this);
    this.update();
    if (focused) document.getElementById(focused)?.focus();
  }

  header() {
    const { words } = this;
    const tabs = this.screens.map((screen) =>
      h("a", { href: printed({ ...this.state, screen: screen.name }, this.schema), id: `tab-${screen.name}`, "aria-current": screen.name === this.screen ? "page" : null, onclick: (event) => { event.preventDefault(); this.set({ screen: screen.name }); } }, words.say(`screen.${screen.name}`)),
    );
    const languages = LANGUAGES.map((language) =>
      h("button", { type: "button", id: `language-${language}`, lang: language, "aria-pressed": String(language === words.language), onclick: () => this.set({ language }) }, language.toUpperCase()),
    );
    this.undo = h("button", { type: "button", id: "undo", onclick: () => this.travel(-1) }, words.say("control.undo"));
    this.redo = h("button", { type: "button", id: "redo", onclick: () => this.travel(1) }, words.say("control.redo"));
    const tour = h("button", { type: "button", id: "tour", "aria-pressed": String(this.tour !== null), onclick: () => tourTo(this, this.tour === null ? 0 : null) }, words.say("tour"));
    const projector = h("button", { type: "button", id: "projector", "aria-pressed": String(this.projector), onclick: () => this.toggleProjector() }, words.say("control.projector"));
    return h(
      "header",
      { class: "top" },
      h("a", { class: "skip", href: "#main", onclick: (event) => { event.preventDefault(); document.getElementById("main").focus(); } }, words.say("control.skip")),
      h("strong", { class: "brand" }, "b8sim"),
      h("nav", { "aria-label": words.say("control.screens") }, tabs),
      h("div", { class: "tools" }, tour, this.undo, this.redo, projector, h("span", { role: "group", "aria-label": words.say("control.language") }, languages)),
    );
  }

  footer() {
    const { words, core } = this;
    return h(
      "footer",
      null,
      h("p", null, words.say("footer.synthetic", { assumptions: words.number(core.parameters.filter((one) => one.grade === "assumption").length), parameters: words.number(core.parameters.length) })),
      h("p", { class: "small" }, h("span", { lang: "en" }, `${core.scenario.title}. `), (this.receipt = h("span"))),
      (this.how = h("p", { class: "small" })),
      reproduce(this),
    );
  }

  update() {
    const { words } = this;
    this.undo.disabled = !this.past.canUndo;
    this.redo.disabled = !this.past.canRedo;
    this.receipt.textContent = this.receiptLine();
    this.how.textContent = words.say(`engine.${this.engine.kind}`);
    const said = [];
    const { replicates, replicates_wanted: wanted } = this.core.scenario;
    if (replicates < wanted) said.push(words.say("notice.interrupted", { replicates, wanted }));
    if (Object.keys(this.core.scenario.hypotheses).length) said.push(words.say("notice.under", { titles: Object.values(this.core.scenario.hypotheses).join("; ") }));
    const { stage } = this.core;
    if (stage && !stage.last) said.push(words.say(stage.people ? "stage.fewer" : "stage.some", { people: words.number(stage.people), replicates: words.runs(this.stored.replicates), wanted: words.runs(stage.replicates) }));
    if (this.result !== this.stored) said.push(words.say(`notice.${this.result.kind}`, { replicates: words.runs(this.result.replicates) }));
    if (this.ladder.busy) said.push(words.say("notice.busy"));
    if (this.problem) said.push(words.say("notice.problem", { problem: this.problem }));
    if (this.strange.length) said.push(words.say("notice.strange", { keys: this.strange.join(", ") }));
    this.notice.replaceChildren(...(said.length ? [h("p", { class: "notice" }, said.join(" "))] : []));
    this.spotlight();
    this.updateScreen();
  }

  /** On a projector, show one figure of the screen at a time. */
  spotlight() {
    const figures = [...this.main.querySelectorAll(".figure")].filter((figure) => !figure.hidden);
    const at = ((this.figureAt % figures.length) + figures.length) % figures.length;
    figures.forEach((figure, place) => figure.classList.toggle("lit", place === at));
  }

  /** Show another figure on the projector. */
  turn(by) {
    this.figureAt += by;
    this.update();
    window.scrollTo(0, 0);
  }
}

export async function start(root) {
  const [core, schema] = await Promise.all([json("core", "data/core.json"), json("schema", "data/state.schema.json")]);
  let painted;
  const picture = new Promise((resolve) => { painted = resolve; });
  const app = new App(core, schema, await open(core, { served: !isFile(), held, picture }), root);
  app.mount();
  setTimeout(painted, 0); // after the first picture
  app.ladder.move();
  app.grow();
  app.engine.ready.then((changed) => {
    if (!changed) return;
    if (isFile()) app.mount();
    else app.update();
    if (isStored(app.state)) app.ladder.prepare();
  });
  document.documentElement.classList.add("live");
  return app;
}

const root = document.getElementById("app");
start(root).then(
  (app) => { window.b8sim = app; },
  (error) => {
    console.error(error);
    document.documentElement.classList.remove("opening");
    root.replaceChildren(h("p", { class: "notice", role: "alert" }, new Words(document.documentElement.lang === "nl" ? "nl" : "en").say("notice.failed", { problem: error.message })));
  },
);
