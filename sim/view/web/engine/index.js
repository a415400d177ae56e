// The engines behind one interface, and which of them works here.
//
//   open(core) -> {kind, people, sizes, run, lives, turning}
//   run(state, {size, replicates, signal}, onReading)   resolves when all readings have come
//   lives(state, who), turning(state, parameter, measure, group, signal)
//
// A reading: {replicate, regimes, values[regime][measure][group], pairs[reform][group][outcome][outcome]}.
// `kind` is wasm, server or frozen. `Refused` says in words why a state is not run.

import * as frozen from "./frozen.js";
import { Refused } from "./refused.js";
import * as server from "./server.js";
import * as wasm from "./wasm.js";

export { Refused } from "./refused.js";

/** Open the first engine that works: the server behind the page, else the stored results. */
export async function open(core, { served, more = [] } = {}) {
  for (const engine of [...more, ...(served ? [server] : []), frozen]) {
    const opened = await engine.open(core);
    if (opened) return served && opened.kind === "server" ? both(opened, core) : opened;
  }
  throw new Error("no engine opens");
}

/** Let the server answer until the engine in the browser is ready, and then what that engine cannot run. */
export function both(opened, core, begin = wasm.open) {
  const engine = { ...opened };
  begin(core).then(
    (here) => {
      if (!here) return;
      Object.assign(engine, here, {
        run: async (state, options, onReading) => {
          try {
            await here.run(state, options, onReading);
          } catch (error) {
            if (!(error instanceof Refused)) throw error;
            await opened.run(state, options, onReading);
          }
        },
      });
    },
    (error) => console.info(`no engine in this browser: ${error.message}`),
  );
  return engine;
}
