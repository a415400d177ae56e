// One engine in a worker: it is given the module and the data, then one replicate at a time.
//
//   {engine, data}                        -> {head: {people, sizes: [{size}], regimes, numbers, sets}}
//   {state, size, replicate, set}           -> {reading} or {refused}

import { portable } from "./portable.js";

let engine = null;

self.onmessage = async ({ data: asked }) => {
  try {
    if (asked.engine) {
      engine = await portable(asked.engine, asked.data);
      const { people, sizes, sets, regimes, parameters, pools } = engine.head;
      const capacities = pools.filter(([, , changes]) => changes).map(([pool]) => `capacity.${pool}`);
      const numbers = [...Object.keys(parameters), ...capacities];
      self.postMessage({ head: { people, sizes: sizes.map(({ size }) => ({ size })), regimes, numbers, sets: sets.length } });
    } else {
      self.postMessage({ reading: engine.reading(asked.state, asked.size, asked.replicate, asked.set) });
    }
  } catch (error) {
    self.postMessage({ refused: error.problems ?? [{ problem: String(error.message ?? error) }] });
  }
};
