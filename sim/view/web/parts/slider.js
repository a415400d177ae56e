// A number that can be moved: slider, typed field, default mark, passport, reset.

import { h } from "./dom.js";
import { movesQueues } from "../ladder.js";
import { answerText, probe } from "./probe.js";

/**
 * @param app the page
 * @param parameter of the core
 * @returns {node, update}
 */
export function slider(app, parameter) {
  const { words } = app;
  const { name, low, high, unit, whole } = parameter;
  const id = `slider-${name.replaceAll(".", "-")}`;
  const step = whole ? 1 : niceStep((high - low) / 200);
  const title = words.maybe(`parameter.${name}`);
  const disabled = !app.engine.moves(name);
  const range = h("input", { type: "range", id, min: low, max: high, step: "any", disabled, "aria-describedby": `${id}-about` });
  const typed = h("input", { type: "number", id: `${id}-typed`, min: low, max: high, step: "any", disabled, "aria-label": words.say("slider.typed", { name: title ?? name }) });
  const mark = h("i", { class: "default-mark", "aria-hidden": "true" });
  // The middle of the thumb goes from half a thumb after the left end to half a thumb before the right one.
  const share = (parameter.value - low) / (high - low);
  mark.style.left = `calc(${100 * share}% - ${share}rem)`;
  const reset = h("button", { type: "button", class: "quiet-button", onclick: () => put(null), "aria-label": words.say("slider.reset", { name: title ?? name }) }, words.say("slider.reset.short"));
  const bar = h("i", { class: "influence-bar" });
  const influence = h("div", { class: "influence", hidden: true }, h("span", { class: "small" }), h("div", { class: "influence-track", "aria-hidden": "true" }, h("i", { class: "influence-zero" }), bar));
  const about = h("span", { class: "small", id: `${id}-about` });
  const node = h(
    "div",
    { class: "slider" },
    h("label", { for: id, class: "slider-name" }, title ?? readable(name), title ? null : h("code", null, name)),
    h("div", { class: "slider-track" }, range, mark),
    typed,
    reset,
    about,
    influence,
    h("div", { class: "slider-more" }, passport(app, parameter), probe(app, parameter)),
  );
  const rounded = (value) => Number((Math.round(value / step) * step).toPrecision(10));
  const clamp = (value) => Math.min(Math.max(value, low), high);

  function put(value) {
    const changes = { ...app.state.changes };
    if (value === null || value === parameter.value) delete changes[name];
    else changes[name] = value;
    app.set({ changes });
  }
  range.addEventListener("input", () => put(clamp(rounded(Number(range.value)))));
  typed.addEventListener("change", () => {
    const value = Number(typed.value);
    if (typed.value === "" || !Number.isFinite(value)) return update();
    return put(clamp(whole ? Math.round(value) : value));
  });

  function update() {
    const value = app.state.changes?.[name] ?? parameter.value;
    if (document.activeElement !== range || Number(range.value) !== value) range.value = value;
    typed.value = value;
    range.setAttribute("aria-valuetext", `${words.short(value)} ${words.say(`unit.${unit}`)}`);
    node.classList.toggle("changed", value !== parameter.value);
    reset.disabled = disabled || value === parameter.value;
    about.textContent = words.say("slider.about", { unit: words.say(`unit.${unit}`), value: words.short(parameter.value), low: words.short(low), high: words.short(high), grade: words.say(`grade.${parameter.grade}`) });
    if (disabled) about.textContent += ` ${words.say("slider.fixed")}`;
    showInfluence();
  }

  /** Show the answers at both ends of the number, on one scale for all numbers, zero in the middle. */
  function showInfluence() {
    const ends = app.influence.of(name);
    influence.hidden = ends === null || ends.low.mean === null || ends.high.mean === null;
    if (influence.hidden) return;
    const measure = app.result.measure(app.measure);
    const [low, high] = [ends.low, ends.high].map((answer) => answerText(words, measure, answer));
    const queues = movesQueues(app.core, { changes: { [name]: parameter.value } }) ? ` ${words.say("influence.queues")}` : "";
    influence.firstChild.textContent = words.say("influence.ends", { measure: app.measureName(measure), low, high }) + queues;
    const at = (value) => 50 + (50 * value) / (app.influence.limit || 1);
    const [from, until] = [ends.low.mean, ends.high.mean].map(at).sort((a, b) => a - b);
    Object.assign(bar.style, { left: `${from}%`, width: `${Math.max(until - from, 0.5)}%` });
  }
  return { node, update };
}

const readable = (name) => `${name.replaceAll("_", " ").replace(".", ": ")} `;

/** Return a round step that is not above a width. */
export function niceStep(width) {
  const power = 10 ** Math.floor(Math.log10(width));
  return [5, 2, 1].map((part) => part * power).find((part) => part <= width * (1 + 1e-9));
}

/** Return the passport of a number, folded. */
function passport(app, parameter) {
  const { words } = app;
  return h(
    "details",
    { class: "passport" },
    h("summary", null, words.say("slider.passport")),
    h("p", { class: "small", lang: "en" }, parameter.note),
    h("p", { class: "small source" }, `${words.say(`status.${parameter.status}`)}${parameter.date ? `, ${words.date(parameter.date)}` : ""}. ${parameter.source.join("; ") || words.say("slider.nosource")} `, h("code", null, parameter.name)),
  );
}
