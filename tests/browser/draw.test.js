import assert from "node:assert/strict";
import { test } from "node:test";
import { countPairs, layout as parting, nearest } from "../../sim/view/web/draw/parting.js";
import { layout as differences } from "../../sim/view/web/draw/differences.js";
import { layout as incidence } from "../../sim/view/web/draw/incidence.js";
import { dayOf, isoOf, layout as timeline } from "../../sim/view/web/draw/timeline.js";

const people = (count) => Array.from({ length: count }, (_, number) => ({ number, before: number % 6, after: number % 4 === 0 ? (number + 1) % 6 : number % 6 }));

test("each person is one dot on each side, inside the drawing, and no two lie on each other", () => {
  for (const [count, width] of [[5, 600], [748, 1100], [1500, 700]]) {
    const plan = parting(people(count), 6, { width, em: 16 });
    assert.equal(plan.dots.length, 2 * count);
    const places = new Set(plan.dots.map((dot) => `${dot.x.toFixed(2)} ${dot.y.toFixed(2)}`));
    assert.equal(places.size, 2 * count);
    for (const dot of plan.dots) {
      assert.ok(dot.side ? dot.x > plan.right : dot.x < plan.left);
      assert.ok(dot.x >= plan.label - 1 && dot.x <= width - plan.label + 1, `${count} ${width} ${dot.x} ${plan.label}`);
      const row = plan.rows[dot.side ? dot.after : dot.before];
      assert.ok(dot.y >= row.top && dot.y <= row.bottom);
    }
  }
});

test("bands add up to those who end elsewhere and stay inside their rows", () => {
  const list = people(400);
  const plan = parting(list, 6, { width: 1000, em: 16 });
  const moved = list.filter((one) => one.before !== one.after).length;
  assert.equal(plan.bands.reduce((sum, band) => sum + band.count, 0), moved);
  assert.equal(countPairs(list, 6).flat().reduce((a, b) => a + b), 400);
  assert.ok(plan.bands.every((band) => band.from !== band.to));
});

test("those who end elsewhere lie nearest to the middle", () => {
  const plan = parting(people(400), 6, { width: 1000, em: 16 });
  for (let outcome = 0; outcome < 6; outcome += 1) {
    const row = plan.dots.filter((dot) => dot.side === 0 && dot.before === outcome);
    const moved = row.filter((dot) => dot.moved).map((dot) => dot.x);
    const same = row.filter((dot) => !dot.moved).map((dot) => dot.x);
    if (moved.length && same.length) assert.ok(Math.min(...moved) >= Math.max(...same) - 1e-6);
  }
});

test("nobody, and the dot under a point", () => {
  const plan = parting([], 6, { width: 800, em: 16 });
  assert.equal(plan.dots.length, 0);
  const some = parting(people(10), 6, { width: 800, em: 16 });
  assert.equal(nearest(some.dots, some.dots[3].x + 1, some.dots[3].y, 5).number, some.dots[3].number);
  assert.equal(nearest(some.dots, -100, -100, 5), null);
});

test("rows that share a scale are on one scale, zero in the middle", () => {
  const row = (key, shared, mean) => ({ key, shared, mean, low: mean - 1, high: mean + 1, values: [mean - 2, mean + 2] });
  const plan = differences([row("a", true, -6), row("b", true, 1), row("c", false, 1000)], { width: 900, em: 16 });
  assert.equal(plan.shared, 8);
  assert.ok(plan.rows[0].x < plan.zero && plan.rows[1].x > plan.zero);
  assert.ok(Math.abs((plan.zero - plan.rows[0].x) / (plan.rows[1].x - plan.zero) - 6) < 1e-9);
  assert.equal(plan.rows[2].limit, 1500);
  for (const one of plan.rows) for (const dot of one.dots) assert.ok(dot.x >= plan.left && dot.x <= plan.right);
});

test("a row without an interval is placed", () => {
  const plan = differences([{ key: "a", shared: true, mean: 2, low: null, high: null, values: [2] }], { width: 500, em: 16 });
  assert.equal(plan.rows[0].lowX, null);
});

test("curves stay under their ceiling, panels beside each other", () => {
  const curves = [1, 2, 3, 4, 5].map((key) => ({ key, lines: [[0, 0.2, 0.41], [0, 0.3, null]] }));
  const plan = incidence(curves, [0, 700, 1460], { width: 600, em: 16 });
  assert.equal(plan.ceiling, 0.6, "a half of the axis is a whole per cent");
  assert.equal(plan.panels[0].lines[1].last, 0.3);
  for (const panel of plan.panels) assert.ok(panel.x + plan.wide <= 600);
});

test("labels of the calendar do not overlap", () => {
  const events = [3, 3, 4, 300, 1790].map((from, at) => ({ key: at, from, until: null, text: "an event with a long name" }));
  const plan = timeline(events, { start: "2017-01-01", days: 1825 }, { width: 900, em: 16 });
  for (const one of plan.events)
    for (const other of plan.events)
      if (one !== other && one.lane === other.lane) assert.ok(Math.abs(one.begins - other.begins) > one.text.length * 0.52 * 16);
  assert.deepEqual(plan.years.map(({ year }) => year), [2017, 2018, 2019, 2020, 2021]);
  assert.equal(isoOf(dayOf("2019-08-01", "2017-01-01"), "2017-01-01"), "2019-08-01");
});
