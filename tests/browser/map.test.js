import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { largest, layout, monthOf, present } from "../../sim/view/web/draw/map.js";
import { LANES, STATIONS, UNSEEN } from "../../sim/view/web/draw/stations.js";

const LAW = new URL("../../sim/procedures/", import.meta.url);

function steps() {
  const found = new Map();
  for (const name of ["asylum", "b8", "dublin", "whereabouts"]) {
    const text = readFileSync(new URL(`${name}.toml`, LAW), "utf8");
    for (const part of text.split(/^\[step\./m).slice(1)) {
      const track = /^track\s*=\s*"([^"]+)"/m.exec(part)?.[1];
      found.set(`${name}.${part.slice(0, part.indexOf("]"))}`, track);
    }
  }
  return found;
}

test("a step is in at most one station, and stations name steps of the law", () => {
  const named = STATIONS.flatMap((station) => station.steps);
  assert.equal(new Set(named).size, named.length);
  const known = steps();
  assert.ok(known.size > 100);
  assert.deepEqual(named.filter((name) => !known.has(name)), []);
  assert.equal(new Set(STATIONS.map((station) => station.id)).size, STATIONS.length);
  assert.ok(readdirSync(LAW).includes("b8.toml"));
});

test("every step of the four main tracks in which somebody can stay is on the map", () => {
  const named = new Set([...STATIONS.flatMap((station) => station.steps), ...UNSEEN]);
  const passing = /^(whereabouts\.(arrival|stays_away|leaves_|after_shelter|seen_again|returns))|^dublin\.(transferred)$/;
  const missing = [...steps()].filter(([name, track]) => ["asylum", "file", "claim", "whereabouts"].includes(track) && !named.has(name) && !passing.test(name)).map(([name]) => name);
  assert.deepEqual(missing, []);
});

const parting = {
  steps: ["b8.permit", "b8.permit_second_year", "whereabouts.reception"].map((name) => ({ name })),
  months: [30, 58, 89],
  present: [[[1, 2, 100], [3, 4, 200], [5, 0, 50]], [[0, 0, 100], [1, 1, 210], [2, 2, 40]]],
};
const at = (id) => STATIONS.findIndex((station) => station.id === id);

test("people of a station are those of its steps, in both worlds", () => {
  assert.deepEqual(present(parting, 1, 1)[at("permit")], [7, 2]);
  assert.deepEqual(present(parting, 1, 1)[at("centre")], [200, 210]);
  assert.deepEqual(present(parting, 1, 0)[at("hidden")], [0, 0]);
});

test("a lane has one scale for all months", () => {
  const most = largest(parting, 1);
  assert.equal(most.reception, 210);
  assert.equal(most.b8, 7);
  assert.equal(most.away, 1);
  const plan = layout(present(parting, 1, 1), most, new Set(["b8.permit"]), { width: 1200, em: 16 });
  for (const station of plan.stations) {
    assert.ok(station.x + station.wide <= 1200);
    assert.ok(station.bars.every((bar) => bar <= station.wide));
    assert.equal(station.ringed, station.id === "permit");
  }
  assert.equal(plan.lanes.length, LANES.length);
});

test("a day lies in the month that ends next", () => {
  assert.deepEqual([0, 30, 31, 89, 500].map((day) => monthOf(parting.months, day)), [0, 0, 1, 2, 2]);
});
