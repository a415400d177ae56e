import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Past, parsed, printed, simulated } from "../../sim/view/web/state.js";

const schema = JSON.parse(readFileSync(new URL("../../sim/view/state.schema.json", import.meta.url)));

const STATES = [
  {},
  { screen: "person", person: "P482109375562", language: "nl" },
  { regimes: ["vc_2018", "vc_2019_08+U1=ninety_days"], group: "dublin", measure: "b8_granted" },
  { changes: { "om.needed_base": -2.5, "leaves.transfer_per_year": 1e-7, "report.base": 3 }, readings: { U1: "none", U7: "wish_date" } },
  { presets: ["H5", "H11"], period: ["2017-01-01", "2021-12-31"], size: 3000, day: 0 },
];

test("what is printed is parsed to the same state", () => {
  for (const state of STATES) {
    const { state: found, mistakes } = parsed(printed(state, schema), schema);
    assert.deepEqual(mistakes, []);
    assert.deepEqual(found, state);
  }
});

test("random states survive the link", () => {
  let seed = 7;
  const next = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  for (let round = 0; round < 300; round += 1) {
    const changes = {};
    for (let k = 0; k < next() * 8; k += 1) changes[`a${k}.b_${Math.floor(next() * 99)}`] = Number((next() * 10 ** Math.floor(next() * 12 - 6)).toPrecision(6)) * (next() < 0.5 ? -1 : 1);
    const state = { changes, group: `g${round}` };
    if (!Object.keys(changes).length) delete state.changes;
    assert.deepEqual(parsed(printed(state, schema), schema), { state, mistakes: [] });
  }
});

test("hostile links are refused part by part", () => {
  for (const link of ["#screen=evil", "#person=P1%3Cscript%3E", "#changes=__proto__.x:1e99", "#unknown=1", "#screen", "#size=-1", "#size=1.5", "#group=%E0%A4%A", "#regimes=vc_2018", "#changes=a.b:NaN", "#changes=a.b:1,a.b:2", "#__proto__=1", "#constructor=1"]) {
    const { state, mistakes } = parsed(link, schema);
    assert.deepEqual(state, {}, link);
    assert.equal(mistakes.length, 1, link);
  }
  assert.deepEqual(parsed(`#group=${"a".repeat(3000)}`, schema).mistakes, ["link"]);
  assert.deepEqual(parsed("#group=a&group=b", schema).mistakes, ["group"]);
  assert.equal({}.x, undefined);
});

test("states that simulate the same have one text", () => {
  assert.equal(simulated({ changes: { "a.b": 1, "c.d": 2 }, screen: "law" }), simulated({ changes: { "c.d": 2, "a.b": 1 }, day: 3 }));
  assert.notEqual(simulated({ changes: { "a.b": 1 } }), simulated({}));
  assert.equal(simulated({ changes: {}, presets: [], readings: {}, size: 0 }), simulated({}));
});

test("undo goes back over steps, not over views", () => {
  const past = new Past({});
  past.add({ changes: { "a.b": 1 } }, true);
  past.add({ changes: { "a.b": 1 }, group: "all" }, false);
  past.add({ changes: { "a.b": 2 }, group: "all" }, true);
  assert.deepEqual(past.move(-1), { changes: { "a.b": 1 }, group: "all" });
  assert.deepEqual(past.move(-1), {});
  assert.equal(past.canUndo, false);
  past.move(1);
  past.add({ size: 10 }, true);
  assert.equal(past.canRedo, false);
});
