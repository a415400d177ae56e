// The menus that decide what is in view: reform, group, and the measure of the sentence.

import { h, field, menu } from "./dom.js";

/** The measures shown: permits, recognition and detection beside what it means for a victim; reports never alone. */
export const SHOWN = [
  "b8_granted",
  "victims_recognised",
  "victims_never_seen",
  "reports",
  "leads_lost",
  "left_unknown_victims",
  "dublin_transferred_victims",
  "re_exploited",
  "asylum_granted_victims",
  "protected_days",
  "exploited_days",
  "report_wait_days",
  "times_questioned",
  "reports_against_wishes",
  "networks_with_lead",
];

export function selectors(app, { measure = true } = {}) {
  const { core, words } = app;
  const regimes = core.regimes.map((regime) => ({ value: regime.name, text: words.title(regime.title) }));
  const groups = core.groups.map((group) => ({ value: group.name, text: words.title(group.title) }));
  const measures = SHOWN.filter((name) => app.result.measure(name)).map((name) => ({ value: name, text: app.measureName(app.result.measure(name)) }));
  return [
    h("div", { class: "field" }, h("span", null, words.say("control.baseline")), h("strong", null, regimes[0].text)),
    regimes.length > 2
      ? field(words.say("control.reform"), menu(regimes.slice(1), core.regimes[app.reform].name, (name) => app.set({ regimes: [core.regimes[0].name, name] }), { id: "reform" }))
      : h("div", { class: "field" }, h("span", null, words.say("control.reform")), h("strong", null, regimes[1].text)),
    field(words.say("control.group"), menu(groups, app.group, (group) => app.set({ group }), { id: "group" })),
    measure ? field(words.say("control.measure"), menu(measures, app.measure, (name) => app.set({ measure: name }), { id: "measure" })) : null,
  ].filter(Boolean);
}
