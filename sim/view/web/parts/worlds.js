// The two worlds: their titles, and the key that says which mark is which.

import { h } from "./dom.js";

/** Return the titles of the baseline and of the reform in view. */
export const worldTitles = ({ words, core, reform }) => [0, reform].map((regime) => words.title(core.regimes[regime].title));

/** Return the key of a drawing: a mark of each world, by the class that the drawing gives it, and its title. */
export function worldsKey(app, mark, name = "worlds small") {
  return h("p", { class: name }, worldTitles(app).map((title, at) => h("span", { class: "key" }, h("i", { class: mark(at) }), title)));
}
