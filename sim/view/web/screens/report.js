// Read and print: the report that stands in the same file, with its tables; links inside it do not touch the state.

import { h } from "../parts/dom.js";

const article = () => document.getElementById("report");

export const report = {
  name: "report",
  exists: () => article() !== null,
  mount(root, app) {
    root.append(h("p", { class: "small" }, app.words.say("report.note")));
    article().onclick = (event) => {
      const link = event.target.closest("a[href^='#']");
      if (!link) return;
      event.preventDefault();
      document.getElementById(link.getAttribute("href").slice(1))?.scrollIntoView();
    };
    return () => {};
  },
};
