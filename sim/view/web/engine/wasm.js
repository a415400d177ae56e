// The engine in this browser: workers with engine.wasm, each with one replicate in flight.
//
// `open` gives null where the browser has no WebAssembly, or the page has no engine or no data for it. Nothing is queued
// for long: a run whose signal is aborted hands out no further replicate, so the newest state wins.

import { Refused } from "./refused.js";

const MOST_WORKERS = 4;

export async function open(core, { engine = "data/engine.wasm", data = "data/engine.bin", start = started } = {}) {
  if (typeof WebAssembly === "undefined") return null;
  const [module, bytes] = await Promise.all([engine, data].map(content));
  if (!module || !bytes) return null;
  const compiled = await WebAssembly.compile(module);
  const processors = globalThis.navigator?.hardwareConcurrency ?? 2;
  const count = Math.min(MOST_WORKERS, Math.max(processors - 1, Math.min(processors, 2))); // the page itself waits while they run
  const workers = Array.from({ length: count }, start);
  const [{ head }] = await Promise.all(workers.map((worker) => ask(worker, { engine: compiled, data: bytes })));
  const pool = new Pool(workers);
  return {
    kind: "wasm",
    people: head.people,
    whole: false,
    sets: head.sets,
    moves: (name) => head.numbers.includes(name),
    sizes: head.sizes.map(({ size }) => size || head.people),
    run: (state, options, onReading) => run(pool, head, state, options, onReading),
  };
}

async function run(pool, head, state, { size = 0, from = 0, replicates = 1, set = 0, signal }, onReading) {
  const { day, person, screen, language, group, measure, ...simulated } = state;
  const all = !size || size >= head.people;
  const one = async (replicate) => {
    const worker = await pool.take();
    try {
      if (signal?.aborted) return;
      const { reading } = await ask(worker, { state: simulated, size: all ? 0 : size, replicate, set });
      if (!signal?.aborted) onReading(reading);
    } finally {
      pool.give(worker);
    }
  };
  await Promise.all(Array.from({ length: replicates }, (_, k) => one(from + k)));
}

/** Workers that are free, and who waits for one. */
class Pool {
  constructor(workers) {
    this.free = [...workers];
    this.waiting = [];
  }

  take() {
    const worker = this.free.pop();
    return worker ? Promise.resolve(worker) : new Promise((resolve) => this.waiting.push(resolve));
  }

  give(worker) {
    const next = this.waiting.shift();
    if (next) next(worker);
    else this.free.push(worker);
  }
}

function ask(worker, message) {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => (data.refused ? reject(new Refused(data.refused)) : resolve(data));
    worker.onerror = (event) => reject(new Error(event.message ?? "the worker of the engine does not start"));
    worker.postMessage(message);
  });
}

function started() {
  return new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
}

async function content(address) {
  if (typeof address !== "string") return address;
  const response = await fetch(address);
  return response.status === 200 ? response.arrayBuffer() : null;
}
