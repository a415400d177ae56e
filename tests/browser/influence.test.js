import assert from "node:assert/strict";
import { test } from "node:test";
import { Influence, RUNS } from "../../sim/view/web/influence.js";

const NUMBERS = [{ name: "small", low: 0, high: 1 }, { name: "large", low: -1, high: 2 }];
const asked = [];
const answer = (app, name, signal, onRun, runs) => async (value) => {
  asked.push([name, value, runs]);
  if (signal.aborted) throw new DOMException("stopped", "AbortError");
  return { mean: (name === "large" ? 10 : 1) * value, low: null, high: null };
};
const page = () => ({ state: {}, measure: "permits", group: "all", reform: 1 });

test("both ends of each number are asked, few runs each, and sizes follow", async () => {
  const influence = new Influence(page(), answer);
  const told = [];
  assert.equal(influence.size("large"), -1);
  assert.equal(await influence.ask(NUMBERS, (done) => told.push(done)), true);
  assert.deepEqual(told, [1, 2]);
  assert.deepEqual(asked, [["small", 0, RUNS], ["small", 1, RUNS], ["large", -1, RUNS], ["large", 2, RUNS]]);
  assert.deepEqual([influence.size("small"), influence.size("large"), influence.limit], [1, 30, 20]);
  assert.equal(influence.isBusy, false);
  await influence.ask(NUMBERS, () => {});
  assert.equal(asked.length, 4, "what is known is not asked again");
});

test("another question makes the answers past", async () => {
  const app = page();
  const influence = new Influence(app, answer);
  await influence.ask(NUMBERS, () => {});
  app.measure = "reports";
  assert.equal(influence.of("large"), null);
  app.measure = "permits";
  assert.equal(influence.of("large").high.mean, 20);
  app.state = { changes: { small: 0.5 } };
  assert.equal(influence.of("large"), null);
});

test("a question that changes while it is asked, or is stopped, ends", async () => {
  const app = page();
  const influence = new Influence(app, answer);
  assert.equal(await influence.ask(NUMBERS, () => { app.group = "women"; }), false);
  assert.equal(await influence.ask(NUMBERS, () => influence.cancel()), false);
});
