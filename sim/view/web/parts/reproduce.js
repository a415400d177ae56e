// The state of the page as a scenario file and as the commands that give the same numbers; only where a server checks it.

import { h } from "./dom.js";
import { save } from "./figure.js";

export function reproduce(app) {
  if (document.getElementById("core")) return null; // a file has its scenario beside it
  const { words } = app;
  const found = h("div", { role: "status" });
  async function ask() {
    const replicates = app.result.kind === "computed" ? app.result.replicates : app.core.scenario.replicates;
    const response = await fetch("api/check", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ state: app.state, replicates }),
    });
    const said = await response.json();
    if (!response.ok) {
      const problem = said.refusal.map((one) => [one.key, one.problem].filter(Boolean).join(": ")).join("; ");
      found.replaceChildren(h("p", null, words.say("reproduce.refused", { problem })));
      return;
    }
    const beside = Object.keys(said.beside);
    found.replaceChildren(
      h("p", null, h("button", { type: "button", id: "reproduce-save", onclick: () => save(said.file, "application/toml", said.scenario) }, words.say("reproduce.save", { file: said.file }))),
      h("ul", null, Object.values(said.commands).map((command) => h("li", null, h("code", null, command)))),
      ...(beside.length ? [h("p", null, words.say("reproduce.beside", { files: beside.join(", ") }))] : []),
    );
  }
  return h("div", { class: "reproduce small" }, h("button", { type: "button", id: "reproduce", class: "quiet-button", onclick: ask }, words.say("reproduce")), found);
}
