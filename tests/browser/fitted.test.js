import assert from "node:assert/strict";
import { test } from "node:test";
import { Spread, quantile, rangeOf } from "../../sim/view/web/fitted.js";
import { Refused } from "../../sim/view/web/engine/refused.js";
import { Result } from "../../sim/view/web/results.js";

const core = {
  regimes: [{ name: "a" }, { name: "b" }],
  groups: [{ name: "all", people: 1000 }],
  measures: [{ name: "permits", world: "simulated", unit: "persons", per_thousand: true }, { name: "none", world: "simulated", unit: "persons", per_thousand: true }],
  values: [[[[10, 20]], [null]], [[[8, 16]], [null]]],
  fitted: { again: [0, 2, 3], differences: [[[[-2, -50, -4, -30]], [null]]] },
};
const reading = (before, after) => ({ regimes: ["a", "b"], values: [[[before], [null]], [[after], [null]]] });
const sizesOf = () => [100];

function page(engine = {}) {
  const stored = Result.ofCore(core);
  return { core, engine: { sizes: [100, 1000], sets: 3, ...engine }, stored, result: stored, group: "all", reform: 1 };
}

test("a quantile is the smallest value at or below which the share lies", () => {
  assert.deepEqual([0.05, 0.5, 0.95, 1].map((share) => quantile([3, 1, 2, 4], share)), [1, 2, 4, 4]);
  const twenty = Array.from({ length: 20 }, (_, k) => k);
  assert.deepEqual([0.05, 0.95].map((share) => quantile(twenty, share)), [0, 18]);
});

test("the stored state has the stored range, per 1,000; a measure without one has none", () => {
  assert.deepEqual(rangeOf(page(), "permits"), { low: -50, high: -2, sets: 4, of: 4 }, "what was computed has every set");
  assert.equal(rangeOf(page(), "none"), null);
  const without = page();
  without.core = { ...core, fitted: null };
  assert.equal(rangeOf(without, "permits"), null);
});

test("after a change each set moves by what it does in that set, in people of the country", async () => {
  const asked = [];
  const app = page({
    async run(state, { set, size }, onReading) {
      asked.push([state.changes ?? null, set, size]);
      onReading(state.changes ? reading(3, 3 - set) : reading(3, 2));
    },
  });
  const spread = new Spread(app, sizesOf);
  assert.ok(spread.exists);
  const pairs = await spread.of({ changes: { x: 1 } }, new AbortController().signal);
  app.result = Object.assign(new Result(core, core.values, [1000], "preview"), { spread: pairs });
  assert.deepEqual(rangeOf(app, "permits"), { low: -50, high: -2, sets: 3, of: 4 }, "after a change, those that were run again");
  await spread.of({ changes: { x: 2 } }, new AbortController().signal);
  assert.equal(asked.filter(([changes]) => changes === null).length, 3, "without a change each set is run once");
  app.result = new Result(core, core.values, [1000], "preview");
  assert.equal(rangeOf(app, "permits"), null, "while the sets run nothing is said of them");
});

test("the sets without a change are run while nobody waits, one at a time, until somebody does", async () => {
  const stop = new AbortController();
  const asked = [];
  let busy = 0;
  const app = page({
    async run(state, { set, signal }, onReading) {
      assert.equal(busy, 0);
      busy += 1;
      asked.push([state.changes ?? null, set]);
      await new Promise((resolve) => setTimeout(resolve, 1));
      busy -= 1;
      if (asked.length === 2) stop.abort();
      if (!signal.aborted) onReading(reading(3, 2));
    },
  });
  const spread = new Spread(app, sizesOf);
  await spread.prepare(stop.signal);
  assert.deepEqual(asked, [[null, 1], [null, 2]], "the second is dropped: it came too late");
  await spread.prepare(new AbortController().signal);
  assert.deepEqual(asked.slice(2), [[null, 2], [null, 3]]);
  assert.equal(await new Spread(page({ sets: 0 }), sizesOf).prepare(stop.signal), undefined);
  await new Spread(page({ run: async () => { throw new Error("gone"); } }), sizesOf).prepare(new AbortController().signal);
});

test("what the engine refuses, or a newer state stops, has no range", async () => {
  const refusing = new Spread(page({ run: async () => { throw new Refused("no"); } }), sizesOf);
  assert.equal(await refusing.of({}, new AbortController().signal), null);
  const stop = new AbortController();
  const stopped = new Spread(page({ run: async (state, options, onReading) => { stop.abort(); onReading(reading(1, 1)); } }), sizesOf);
  assert.equal(await stopped.of({}, stop.signal), null);
  assert.equal(new Spread(page({ sets: 0 }), sizesOf).exists, false, "an engine without the sets");
});
