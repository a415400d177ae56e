import assert from "node:assert/strict";
import { test } from "node:test";
import { decimals, hasDirection, niceLimit, paired, summary } from "../../sim/view/web/numbers.js";

const CORE = {
  quantiles: [12.7062, 4.30265, 3.18245, 2.77645],
  exact: {
    poisson: [[0, 3.688879], [0.02531781, 5.571643], [0.2422093, 7.224688]],
    other: [[[0, 0.8418861]], [[0, 0.7075982], [0.008403759, 0.9057007]]],
  },
};
const near = (found, wanted) => assert.ok(Math.abs(found - wanted) < 1e-6, `${found} is not ${wanted}`);

test("an interval is the t-interval of the mean over the defined values", () => {
  const found = summary([1, null, 3, 5], CORE, "days", true);
  assert.equal(found.mean, 3);
  assert.equal(found.count, 3);
  near(found.high, 3 + (4.30265 * 2) / Math.sqrt(3));
});

test("one value has no interval, none has no mean", () => {
  assert.equal(summary([4], CORE, "persons", false).low, null);
  assert.equal(summary([null], CORE, "persons", false).mean, null);
  assert.equal(summary(null, CORE).count, 0);
});

test("no event in any replicate is no interval from 0 to 0", () => {
  const level = summary([0, 0], CORE, "persons", false);
  near(level.high, 3.688879 / 2);
  assert.equal(level.low, 0);
  const difference = summary([0, 0, 0], CORE, "persons", true);
  near(difference.low, -3.688879 / 3);
  near(difference.high, 3.688879 / 3);
  assert.equal(summary([0, 0], CORE, "days", true).low, null);
  near(summary([1, 1, 1], CORE, "share", false).low, 1 - 0.7075982);
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
