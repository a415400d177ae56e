// The engines behind one interface, and which of them works here.
//
//   open(core) -> {kind, people, sizes, sets, moves, whole, ready, run}
//   run(state, {size, replicates, signal}, onReading)   resolves when all readings have come
//   moves(name)   whether a number can be changed here;  whole: whether readings and rival explanations can, too
//   sets          number of fitted sets of assumptions that can be run: run(..., {set: 1}), on the first of the sizes
//   ready         resolves when no better engine will come: true if it has become another one
//
// A reading: {replicate, regimes, values[regime][measure][group], pairs[reform][group][outcome][outcome]}.
// `kind` is wasm, server or frozen. `Refused` says in words why a state is not run.

import * as frozen from "./frozen.js";
import { Refused } from "./refused.js";
import * as server from "./server.js";
import * as wasm from "./wasm.js";

export { Refused } from "./refused.js";

/**
 * Open an engine that answers at once, and let the one in this browser take over when it is ready.
 *
 * @param served whether a server is behind the page
 * @param picture resolves when the first picture is there
 * @param held what a file holds for the engine in this browser: async () -> options of it, or null
 */
export async function open(core, { served, held, picture = Promise.resolve() }) {
  if (served) return both(await server.open(core), core, () => picture.then(() => wasm.open(core)));
  return both(await frozen.open(core), core, async () => {
    await picture; // what is compiled must not keep a reader waiting
    const options = await held();
    return options && wasm.open(core, options);
  });
}

/** Let an engine answer until the one in the browser is ready, and then what that one cannot run. */
export function both(opened, core, begin) {
  const engine = { ...opened };
  const take = (here) => {
    if (!here) return false;
    Object.assign(engine, here, {
      whole: opened.whole,
      moves: (name) => opened.moves(name) || here.moves(name),
      run: async (state, options, onReading) => {
        try {
          await here.run(state, options, onReading);
        } catch (error) {
          if (!(error instanceof Refused) || options.set) throw error; // no other engine has the sets
          await opened.run(state, options, onReading);
        }
      },
    });
    return true;
  };
  engine.ready = begin(core).then(take, (error) => {
    console.info(`no engine in this browser: ${error.message}`);
    return false;
  });
  return engine;
}
