import assert from "node:assert/strict";
import { test } from "node:test";
import { decimals, hasDirection, niceLimit, paired, summary } from "../../sim/view/web/numbers.js";

const QUANTILES = [12.7062, 4.30265, 3.18245, 2.77645];

test("an interval is the t-interval of the mean over the defined values", () => {
  const found = summary([1, null, 3, 5], QUANTILES);
  assert.equal(found.mean, 3);
  assert.equal(found.count, 3);
  assert.ok(Math.abs(found.high - (3 + (4.30265 * 2) / Math.sqrt(3))) < 1e-9);
});

test("one value has no interval, none has no mean", () => {
  assert.equal(summary([4], QUANTILES).low, null);
  assert.equal(summary([null], QUANTILES).mean, null);
  assert.equal(summary(null, QUANTILES).count, 0);
});

test("differences are taken replicate by replicate", () => {
  assert.deepEqual(paired([1, null, 3], [2, 2, 1]), [1, null, -2]);
  assert.equal(paired(null, [1]), null);
});

test("an interval with zero at its edge shows no direction", () => {
  assert.equal(hasDirection({ low: 0, high: 1 }), false);
  assert.equal(hasDirection({ low: 0.1, high: 1 }), true);
  assert.equal(hasDirection({ low: -1, high: -0.1 }), true);
  assert.equal(hasDirection({ low: null, high: null }), false);
});

test("decimals are those of the report", () => {
  assert.equal(decimals(-8.012, -8.35, -7.68), 2);
  assert.equal(decimals(12345), 0);
  assert.equal(decimals(0.1234), 3);
  assert.equal(decimals(0.5, 0.001, 1), 3);
});

test("round limits", () => {
  assert.equal(niceLimit(8.3), 10);
  assert.ok(Math.abs(niceLimit(0.11) - 0.15) < 1e-12);
  assert.equal(niceLimit(0), 1);
});
