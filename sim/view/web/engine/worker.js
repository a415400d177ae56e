// One engine in a worker: it is given the module and the data, then one replicate at a time.
//
//   {engine, data}                        -> {head: {people, sizes, regimes}}
//   {state, size, replicate}              -> {reading} or {refused}

import { portable } from "./portable.js";

let engine = null;

self.onmessage = async ({ data: asked }) => {
  try {
    if (asked.engine) {
      engine = await portable(asked.engine, asked.data);
      self.postMessage({ head: { people: engine.people, sizes: engine.head.sizes, regimes: engine.head.regimes } });
    } else {
      self.postMessage({ reading: engine.reading(asked.state, asked.size, asked.replicate) });
    }
  } catch (error) {
    self.postMessage({ refused: error.problems ?? [{ problem: String(error.message ?? error) }] });
  }
};
