// The range of an answer over the fitted sets of assumptions: stored for the state that was fitted; after a change each set is
// run with and without it, on the same people and draws, and the change is added.

import { Refused } from "./engine/refused.js";

/** Ends of a range: these shares of the sets, which weigh the same, lie at or below them. */
const ENDS = [0.05, 0.95];

/** Return the smallest value at or below which at least a share of the values lies. */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(Math.max(Math.ceil(share * sorted.length - 1e-9) - 1, 0), sorted.length - 1)];
}

/** Return {low, high, sets, of} for a measure, in the units that are shown: over how many sets, of how many; null where the sets do not say it. */
export function rangeOf(app, name, reform = app.reform) {
  const { core, result, stored, group } = app;
  if (!core.fitted) return null;
  const [m, g] = [result.places.get(`${name} simulated`), result.groups.get(group)];
  const before = core.fitted.differences[reform - 1]?.[m]?.[g];
  if (!before) return null;
  const { again } = core.fitted;
  const changes = result === stored ? [] : result.spread?.map((pair) => changeOf(core, pair, reform, m, g));
  if (!changes || changes.includes(null)) return null;
  const found = result === stored ? before : again.map((at, k) => before[at] + changes[k]);
  const factor = result.factor(core.measures[m], group);
  const values = found.map((value) => value * factor);
  const [low, high] = ENDS.map((share) => quantile(values, share));
  return { low, high, sets: values.length, of: before.length };
}

/** Return by how much a change moves the difference of a reform from the baseline, in people of the whole country. */
function changeOf(core, { before, after, people }, reform, m, g) {
  const difference = (reading) => {
    const [old, other] = [0, reform].map((r) => reading.values[reading.regimes.indexOf(core.regimes[r].name)]?.[m]?.[g] ?? null);
    return old === null || other === null ? null : other - old;
  };
  const [from, to] = [difference(before), difference(after)];
  if (from === null || to === null) return null;
  return (to - from) * (core.measures[m].per_thousand ? core.groups[g].people / (people[g] || 1) : 1);
}

/** Runs the sets for a state; each set without a change is run once. */
export class Spread {
  constructor(app, sizesOf) {
    Object.assign(this, { app, sizesOf, before: new Map() });
  }

  /** Whether the engine has the sets whose answers are stored. */
  get exists() {
    const { core, engine } = this.app;
    return Boolean(core.fitted) && !core.stage?.people && engine.sets === core.fitted.again.length;
  }

  /** Run the sets without a change, one after another, so that a first move need not wait for them. */
  async prepare(signal) {
    if (!this.exists) return;
    try {
      for (let set = 1; set <= this.app.core.fitted.again.length && !signal.aborted; set += 1) await this.without(set, signal);
    } catch {
      // Whoever moves a slider is told.
    }
  }

  /** Return the reading of a set without a change, which is run once; null when stopped. */
  async without(set, signal) {
    if (!this.before.has(set)) {
      const found = await this.run({}, set, signal);
      if (found) this.before.set(set, found);
    }
    return this.before.get(set) ?? null;
  }

  async run(state, set, signal) {
    const { engine } = this.app;
    let found = null;
    await engine.run(state, { size: engine.sizes[0], from: 0, replicates: 1, set, signal, lane: "-sets" }, (reading) => { found = reading; });
    return found;
  }

  /** Return for each set the readings without and with the changes of a state; null when stopped. */
  async of(state, signal) {
    const { core } = this.app;
    const one = async (set) => {
      const before = await this.without(set, signal);
      const after = before && (await this.run(state, set, signal));
      return after ? { before, after, people: this.sizesOf(core, before) } : null;
    };
    try {
      const pairs = await Promise.all(core.fitted.again.map((_, k) => one(k + 1)));
      return signal.aborted || pairs.includes(null) ? null : pairs;
    } catch (error) {
      if (error instanceof Refused) return null; // a reading of the law, say: no range
      throw error;
    }
  }
}
