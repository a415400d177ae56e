// Five steps through the page: what to look at, in the order in which a room asks.

import { h } from "./dom.js";

/** The steps: screen, and what is pointed at. */
export const STEPS = [
  { key: "tour.1", screen: "compare", target: ".answer" },
  { key: "tour.2", screen: "compare", target: ".figure-parting" },
  { key: "tour.3", screen: "compare", target: ".figure-differences" },
  { key: "tour.4", screen: "person", target: ".parts" },
  { key: "tour.5", screen: "assumptions", target: ".sliders" },
];

/** Return the bar of the tour, or null when it is not taken. */
export function tourBar(app) {
  if (app.tour === null) return null;
  const { words } = app;
  const at = app.tour;
  const last = at === STEPS.length - 1;
  return h(
    "section",
    { class: "tour", "aria-label": words.say("tour.label") },
    h("p", { role: "status" }, h("strong", null, words.say("tour.step", { at: at + 1, all: STEPS.length })), " ", words.say(STEPS[at].key)),
    h("div", { class: "tour-buttons" }, [
      h("button", { type: "button", id: "tour-back", disabled: at === 0, onclick: () => tourTo(app, at - 1) }, words.say("tour.back")),
      h("button", { type: "button", id: "tour-next", onclick: () => tourTo(app, last ? null : at + 1) }, words.say(last ? "tour.done" : "tour.next")),
      last ? [] : h("button", { type: "button", id: "tour-close", onclick: () => tourTo(app, null) }, words.say("tour.close")),
    ]),
  );
}

/** Go to a step of the tour; null ends it. */
export function tourTo(app, at) {
  app.tour = at;
  if (at !== null && app.screen !== STEPS[at].screen) app.set({ screen: STEPS[at].screen });
  else app.mount();
  const target = at === null ? null : document.querySelector(STEPS[at].target);
  if (target) {
    target.classList.add("toured");
    target.scrollIntoView({ block: "center" });
  }
  document.getElementById(at === null ? "tour" : "tour-next")?.focus({ preventScroll: true });
}
