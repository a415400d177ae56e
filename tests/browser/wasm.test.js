// The engine in the browser, with workers that are made up: one replicate in flight each, the newest state wins.

import assert from "node:assert/strict";
import { test } from "node:test";
import { both } from "../../sim/view/web/engine/index.js";
import { Refused } from "../../sim/view/web/engine/refused.js";
import { open } from "../../sim/view/web/engine/wasm.js";

const EMPTY = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);
const HEAD = { people: 900, sizes: [{ size: 300 }, { size: 0 }], regimes: ["a", "b"], numbers: ["x"], sets: 0 };
const later = () => new Promise((resolve) => setTimeout(resolve, 1));

function crew({ slow = false } = {}) {
  const seen = { busy: 0, most: 0, asked: [], release: [] };
  const start = () => {
    const worker = {
      busy: false,
      async postMessage(message) {
        if (message.engine) {
          await later();
          worker.onmessage({ data: { head: HEAD } });
          return;
        }
        assert.equal(worker.busy, false, "one replicate in flight");
        worker.busy = true;
        seen.busy += 1;
        seen.most = Math.max(seen.most, seen.busy);
        seen.asked.push(message);
        if (slow) await new Promise((resolve) => seen.release.push(resolve));
        else await later();
        worker.busy = false;
        seen.busy -= 1;
        const refused = message.state.presets && [{ problem: "engine.wasm.refused" }];
        worker.onmessage({ data: refused ? { refused } : { reading: { replicate: message.replicate } } });
      },
    };
    return worker;
  };
  return { seen, start };
}

const opened = (start) => open({}, { engine: EMPTY, data: new ArrayBuffer(8), start });

test("all replicates come once, by workers that are never given two", async () => {
  const { seen, start } = crew();
  const engine = await opened(start);
  assert.deepEqual([engine.kind, engine.people, engine.sizes], ["wasm", 900, [300, 900]]);
  const found = [];
  await engine.run({ screen: "law", changes: { x: 1 } }, { size: 300, from: 2, replicates: 7 }, (reading) => found.push(reading.replicate));
  assert.deepEqual(found.sort(), [2, 3, 4, 5, 6, 7, 8]);
  assert.deepEqual(seen.asked[0].state, { changes: { x: 1 } }, "what is only looked at is left out");
  assert.equal(seen.asked[0].size, 300);
  await engine.run({}, { size: 900 }, () => {});
  assert.equal(seen.asked.at(-1).size, 0, "all of them");
});

test("a run that is stopped hands out nothing more and reads nothing more", async () => {
  const { seen, start } = crew({ slow: true });
  const engine = await opened(start);
  const stop = new AbortController();
  const found = [];
  const running = engine.run({}, { replicates: 30, signal: stop.signal }, (reading) => found.push(reading));
  await later();
  const handed = seen.asked.length;
  assert.ok(handed >= 1 && handed <= 4);
  stop.abort();
  for (const release of seen.release) release();
  await running;
  assert.equal(seen.asked.length, handed);
  assert.deepEqual(found, []);
});

test("what the engine here cannot run the server runs", async () => {
  const { start } = crew();
  const server = { kind: "server", people: 900, sizes: [900], run: async (state, options, onReading) => onReading("of the server") };
  const engine = both(server, {}, () => opened(start));
  const found = [];
  await engine.run({}, {}, (reading) => found.push(reading));
  assert.equal(engine.kind, "server");
  while (engine.kind !== "wasm") await later();
  await engine.run({}, {}, (reading) => found.push(reading.replicate));
  await engine.run({ presets: ["H5"] }, {}, (reading) => found.push(reading));
  assert.deepEqual(found, ["of the server", 0, "of the server"]);
});

test("without WebAssembly, or where opening fails, the server goes on", async () => {
  const server = { kind: "server", run: async () => {} };
  assert.equal(both(server, {}, async () => null).kind, "server");
  const failed = both(server, {}, async () => { throw new Refused("no"); });
  await later();
  assert.equal(failed.kind, "server");
});

test("two processors have two workers, more keep one for the page", async () => {
  const { navigator } = globalThis;
  const counts = [];
  for (const processors of [1, 2, 3, 8, undefined]) {
    Object.defineProperty(globalThis, "navigator", { value: { hardwareConcurrency: processors }, configurable: true });
    let started = 0;
    const { start } = crew();
    await opened(() => { started += 1; return start(); });
    counts.push(started);
  }
  Object.defineProperty(globalThis, "navigator", { value: navigator, configurable: true });
  assert.deepEqual(counts, [1, 2, 2, 4, 2]);
});
