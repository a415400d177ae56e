import assert from "node:assert/strict";
import { test } from "node:test";
import { turning } from "../../sim/view/web/turning.js";

const line = (zero, width = 0.1) => async (value) => ({ mean: value - zero, low: value - zero - width, high: value - zero + width });

test("the value at which an answer turns is found by bisection", async () => {
  const found = await turning(line(-0.63), { low: -3, high: 0 });
  assert.ok(Math.abs(found.turns + 0.63) < 0.01);
  assert.equal(found.low.mean, -3 + 0.63);
  assert.ok(found.unclear[0] >= -0.73 && found.unclear[1] <= -0.53);
});

test("an answer that keeps its sign turns nowhere, and takes two values", async () => {
  let asked = 0;
  const found = await turning(async () => ((asked += 1), { mean: -2, low: -3, high: -1 }), { low: 0, high: 1 });
  assert.deepEqual([found.turns, found.unclear, asked], [null, null, 2]);
});

test("a curve turns where it crosses zero, and each value is asked once", async () => {
  const asked = [];
  const found = await turning(async (value) => (asked.push(value), { mean: 8 - value ** 3, low: null, high: null }), { low: 0, high: 10 });
  assert.ok(Math.abs(found.turns - 2) < 0.1);
  assert.equal(new Set(asked).size, asked.length);
  assert.equal(found.unclear, null);
});

test("an undefined answer turns nowhere", async () => {
  const found = await turning(async () => ({ mean: null, low: null, high: null }), { low: 0, high: 1 });
  assert.equal(found.turns, null);
});
