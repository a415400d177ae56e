import assert from "node:assert/strict";
import { test } from "node:test";
import { Ladder, computed, isStored, movesQueues, previewed } from "../../sim/view/web/ladder.js";
import { Result, partedOf } from "../../sim/view/web/results.js";

const core = {
  scenario: { replicates: 3 },
  quantiles: [12.7062, 4.30265],
  exact: { poisson: [[0, 3.688879]], other: [[[0, 0.8418861]], [[0, 0.7075982], [0.008403759, 0.9057007]]] },
  regimes: [{ name: "a" }, { name: "b" }],
  groups: [{ name: "all", people: 1000 }, { name: "some", people: 100 }],
  measures: [
    { name: "permits", world: "simulated", unit: "persons", per_thousand: true },
    { name: "share", world: "simulated", unit: "share", per_thousand: false },
  ],
  values: [
    [[[10, 20, 30], [1, 2, 3]], [[0.5, 0.5, 0.5], null]],
    [[[8, 16, 24], [1, 1, 1]], [[0.4, 0.4, 0.4], null]],
  ],
  parameters: [{ name: "om.base", unit: "log_odds" }, { name: "police.reports", unit: "per_working_day" }],
  parting: {
    persons: [{ key: "P1", groups: [0], outcome: 0, month: "2019-03", number: 1, moves: [1, 0, 0, 5, 1, 0] }],
    reforms: [{ lives: [{ person: 0, outcome: 2, shared: 1, moves: [4, 3, 0] }] }],
    steps: [],
    causes: [],
  },
};
const reading = (replicate, before, after, people = 100) => ({
  replicate,
  regimes: ["a", "b"],
  values: [[[before, 1], [0.5, null]], [[after, 1], [0.3, null]]],
  pairs: [[[[people]], [[people / 10]]]],
});

test("levels and differences are per 1,000 people of the group", () => {
  const result = Result.ofCore(core);
  assert.equal(result.replicates, 3);
  assert.equal(result.level("permits", "all", 0).mean, 20);
  assert.equal(result.difference("permits", "all", 1).mean, -4);
  assert.equal(result.difference("permits", "some", 1).mean, -10);
  assert.ok(Math.abs(result.difference("share", "all", 1).mean + 0.1) < 1e-12);
  assert.equal(result.difference("share", "some", 1).mean, null);
  assert.equal(result.difference("none", "all", 1).mean, null);
});

test("a preview is the stored result plus the change, in people of the whole country", () => {
  const result = previewed(core, [[reading(0, 1, 1), reading(0, 2, 1)]], "preview");
  assert.deepEqual(result.values[0][0][0], [10 + 1 * 10]);
  assert.deepEqual(result.values[1][0][0], [8]);
  assert.ok(Math.abs(result.values[1][1][0][0] - 0.4) < 1e-12);
  assert.equal(result.kind, "preview");
});

test("readings of the whole country replace the preview, with their own group sizes", () => {
  const result = computed(core, [reading(0, 5, 4, 2000), reading(1, 7, 5, 2000)]);
  assert.equal(result.kind, "computed");
  assert.equal(result.people[0], 2000);
  assert.equal(result.difference("permits", "all", 1).mean, -0.75);
});

test("capacities and inflow show a direction only", () => {
  assert.equal(movesQueues(core, { changes: { "police.reports": 2 } }), true);
  assert.equal(movesQueues(core, { changes: { "om.base": 2 } }), false);
  assert.equal(isStored({ regimes: ["a", "b"], group: "all" }), true);
  assert.equal(isStored({ changes: { "om.base": 2 } }), false);
});

test("the newest state wins, and nothing of an older one is shown", async () => {
  const shown = [];
  const app = {
    core,
    state: { changes: { "om.base": 1 } },
    stored: "stored",
    words: { say: (key) => key },
    engine: {
      kind: "server",
      people: 1000,
      sizes: [100, 1000],
      run: async (state, { from, signal }, onReading) => {
        await new Promise((resolve) => setTimeout(resolve, 1));
        if (signal.aborted) throw new Error("aborted");
        onReading({ ...reading(from, 1, state.changes?.["om.base"] ?? 1), state });
      },
    },
    update: () => {},
    show: (result, problem) => shown.push([app.state, result, problem]),
  };
  const ladder = new Ladder(app);
  const first = ladder.move();
  app.state = { changes: { "om.base": 7 } };
  const second = ladder.move();
  await Promise.all([first, second]);
  assert.ok(shown.length > 1);
  for (const [state, result, problem] of shown) {
    assert.equal(state.changes["om.base"], 7);
    assert.equal(problem ?? null, null);
    assert.notEqual(result, null);
  }
  assert.equal(shown.at(-1)[1].kind, "computed");
  assert.equal(shown.at(-1)[1].values[1][0][0][0], 7);
  assert.equal(ladder.busy, false);
});

test("a run that fails says why and leaves the picture", async () => {
  const shown = [];
  const app = { core, state: { changes: { "om.base": 1 } }, words: { say: (key) => key }, update: () => {}, show: (...said) => shown.push(said) };
  app.engine = { kind: "server", people: 1000, sizes: [100, 1000], run: async () => { throw new Error("out of reach"); } };
  await new Ladder(app).move();
  assert.deepEqual(shown, [[null, "Error: out of reach"]]);
});

test("the people of a group part at the first step that differs", () => {
  const [found] = partedOf(core, 1, "all");
  assert.deepEqual({ day: found.day, step: found.step, other: found.other }, { day: 4, step: 1, other: 3 });
  assert.equal(partedOf(core, 1, "some").length, 0);
});
