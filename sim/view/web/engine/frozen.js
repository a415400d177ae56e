// The stored results of a comparison: answers for the state with which it was made, and says so for any other.

import { SIMULATED } from "../state.js";
import { Refused } from "./refused.js";

export async function open(core) {
  const people = core.groups[0].people;
  return { kind: "frozen", people, sizes: [people], moves: () => false, whole: false, sets: 0, run: (state, options, onReading) => run(core, state, options, onReading) };
}

async function run(core, state, { replicates, signal }, onReading) {
  const names = core.regimes.map((regime) => regime.name);
  const regimes = (state.regimes ?? names).map((name) => names.indexOf(name));
  const others = SIMULATED.filter((key) => key !== "regimes" && key !== "size" && Object.keys(state[key] ?? {}).length);
  if (others.length || regimes.includes(-1)) throw new Refused("engine.frozen.refused");
  const stored = core.scenario.replicates;
  for (let replicate = 0; replicate < Math.min(replicates ?? stored, stored); replicate += 1) {
    if (signal?.aborted) return;
    onReading({
      replicate,
      regimes: regimes.map((at) => names[at]),
      values: regimes.map((at) => core.values[at].map((measure) => measure.map((group) => group?.[replicate] ?? null))),
      pairs: null,
    });
  }
}
