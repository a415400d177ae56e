// The engines behind one interface, and which of them works here.
//
//   open(core) -> {kind, people, sizes, run, lives, turning}
//   run(state, {size, replicates, signal}, onReading)   resolves when all readings have come
//   lives(state, who), turning(state, parameter, measure, group, signal)
//
// A reading: {replicate, regimes, values[regime][measure][group], pairs[reform][group][outcome][outcome]}.
// `kind` is wasm, server or frozen. `Refused` says in words why a state is not run.

import * as frozen from "./frozen.js";
import * as server from "./server.js";

export { Refused } from "./refused.js";

/** Open the first engine that works: the server behind the page, else the stored results. */
export async function open(core, { served, more = [] } = {}) {
  for (const engine of [...more, ...(served ? [server] : []), frozen]) {
    const opened = await engine.open(core);
    if (opened) return opened;
  }
  throw new Error("no engine opens");
}
