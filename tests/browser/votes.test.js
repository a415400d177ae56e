// Answers as dots: each answer has a dot of its own, inside the drawing, above its word.

import assert from "node:assert/strict";
import { test } from "node:test";
import { CHOICES, line, stacks } from "../../sim/view/web/draw/votes.js";

const far = (dots, least) => {
  for (const [k, one] of dots.entries())
    for (const other of dots.slice(k + 1)) assert.ok(Math.hypot(one.x - other.x, one.y - other.y) >= least - 1e-9);
};

for (const counts of [{ fewer: 0, same: 0, more: 0 }, { fewer: 4, same: 1, more: 2 }, { fewer: 20, same: 0, more: 0 }, { fewer: 3, same: 180, more: 7 }]) {
  for (const [width, em] of [[1200, 16], [500, 16], [1300, 26]]) {
    test(`${JSON.stringify(counts)} in ${width} of ${em}`, () => {
      const plan = stacks(counts, { width, em });
      assert.equal(plan.dots.length, counts.fewer + counts.same + counts.more);
      for (const choice of CHOICES) assert.equal(plan.dots.filter((dot) => dot.choice === choice).length, counts[choice]);
      for (const { x, y, r, choice } of plan.dots) {
        const column = plan.columns.find((one) => one.choice === choice);
        assert.ok(Math.abs(x - column.x) + r <= width / 6 + 1e-9, "in its own column");
        assert.ok(y - r >= 0 && y + r <= plan.base, "above the line and inside the drawing");
      }
      far(plan.dots, 2 * (plan.dots[0]?.r ?? 0));
    });
  }
}

test("numbers of people and runs are on one scale around zero", () => {
  const plan = line([-3, -3, 5], [-4, null, -2], { width: 800, em: 16 });
  assert.equal(plan.limit, 5);
  assert.equal(plan.zero, 400);
  assert.equal(plan.people.length, 3);
  assert.equal(plan.model.length, 2);
  const at = (value) => plan.zero + (value / 5) * (800 / 2 - 24);
  const places = (dots) => dots.map(({ x }) => x.toFixed(6));
  assert.deepEqual(places(plan.model), [at(-4), at(-2)].map((x) => x.toFixed(6)));
  assert.deepEqual(places(plan.people), [at(-3), at(-3), at(5)].map((x) => x.toFixed(6)));
  assert.notEqual(plan.people[0].y, plan.people[1].y, "two people with one number are two dots");
  for (const { y } of plan.people) assert.ok(y < plan.axis && y > 0);
  for (const { y } of plan.model) assert.ok(y > plan.axis && y < plan.height);
});

test("nothing but zeros has a scale too", () => {
  assert.equal(line([], [], { width: 800, em: 16 }).limit, 1);
});
