// One move of a slider: first a preview on fewer people, added to the stored result of the whole country, then the whole country.
// Newest state wins: nothing is queued, and a picture is only shown for the state for which it was made.

import { simulated } from "./state.js";
import { Result } from "./results.js";
import { Refused } from "./engine/index.js";
import { Spread } from "./fitted.js";

export class Ladder {
  constructor(app) {
    this.app = app;
    this.busy = false;
    this.baselines = new Map();
    this.spread = new Spread(app, sizesOf);
  }

  /** Answer the present state; stop what was asked for an earlier one. */
  async move() {
    const { app } = this;
    this.stop?.abort();
    const stop = new AbortController();
    this.stop = stop;
    const state = app.state;
    if (isStored(state)) {
      this.busy = false;
      app.show(app.stored);
      await this.prepare();
      return;
    }
    this.busy = true;
    try {
      if (app.engine.kind === "frozen") await app.engine.ready;
      if (stop.signal.aborted) return;
      if (app.engine.kind === "frozen") throw new Refused("engine.frozen.refused");
      await this.climb(state, stop.signal);
    } catch (error) {
      if (stop.signal.aborted) return;
      app.show(app.engine.kind === "frozen" ? app.stored : null, error instanceof Refused ? (app.words.maybe(error.message) ?? error.message) : String(error));
    } finally {
      if (this.stop === stop) {
        this.busy = false;
        if (!stop.signal.aborted) app.update();
      }
    }
  }

  /** Run what every move needs, until there is one. */
  async prepare() {
    this.stop?.abort();
    this.stop = new AbortController();
    await this.spread.prepare(this.stop.signal);
  }

  async climb(state, signal) {
    const { app } = this;
    const { core, engine } = app;
    const [small] = engine.sizes;
    let spread = null; // over the fitted sets; shown with every picture of this state
    const show = (result) => app.show(Object.assign(result, { spread }));
    const current = () => !signal.aborted && simulated(app.state) === simulated(state);
    if (small < engine.people) {
      const kind = core.stage?.people ? "first" : movesQueues(core, state) ? "direction" : "preview";
      const readings = [];
      await this.baseline(small, 0, signal);
      for (let replicate = 0; replicate < 20 && current(); replicate += 1) {
        const before = await this.baseline(small, replicate, signal);
        await engine.run(state, { size: small, from: replicate, replicates: 1, signal }, (reading) => readings.push([before, reading]));
        if (current() && [1, 3, 10, 20].includes(readings.length)) show(previewed(core, readings, kind));
        if (current() && readings.length === 1 && kind === "preview" && this.spread.exists) {
          spread = await this.spread.of(state, signal);
          if (current()) show(previewed(core, readings, kind));
        }
      }
    }
    const whole = [];
    for (let replicate = 0; replicate < core.scenario.replicates && current(); replicate += 1) {
      await engine.run(state, { from: replicate, replicates: 1, signal }, (reading) => whole.push(reading));
      if (current() && whole.length >= Math.min(3, core.scenario.replicates)) show(computed(core, whole));
    }
  }

  /** Return a reading of the stored state on fewer people; each is run once. */
  async baseline(size, replicate, signal) {
    const key = `${size} ${replicate}`;
    if (!this.baselines.has(key)) {
      const found = [];
      await this.app.engine.run({}, { size, from: replicate, replicates: 1, signal, lane: "-baseline" }, (reading) => found.push(reading));
      if (found.length) this.baselines.set(key, found[0]);
    }
    return this.baselines.get(key);
  }
}

/** Return whether the stored results are those of a state. */
export const isStored = (state) => simulated({ ...state, regimes: undefined, size: undefined }) === simulated({});

/** Return whether a state moves what people wait for: capacities and inflow count wrongly on fewer people. */
export function movesQueues(core, state) {
  const units = new Map(core.parameters.map((parameter) => [parameter.name, parameter.unit]));
  const queues = ["per_working_day", "places", "persons_per_year"];
  return Object.keys(state.changes ?? {}).some((name) => queues.includes(units.get(name)) || name.startsWith("inflow.")) || Boolean(state.presets?.length);
}

/** Return the sizes of the groups in a reading. */
const sizesOf = (core, reading) => {
  const groups = reading.pairs ? reading.pairs[0].map((pairs) => pairs.flat().reduce((sum, n) => sum + n, 0)) : [];
  return core.groups.map((group, at) => groups[at] ?? null);
};

/** Return stored result + change on fewer people, replicate by replicate. */
export function previewed(core, readings, kind) {
  const values = core.values.map((regime, r) =>
    regime.map((measure, m) =>
      measure.map((stored, g) => {
        if (!stored) return null;
        return readings.map(([before, after], k) => {
          const [a, b] = [before, after].map((reading) => valueAt(core, reading, r, m, g));
          if (a === null || b === null || stored[k % stored.length] === null) return null;
          const factor = core.measures[m].per_thousand ? core.groups[g].people / (sizesOf(core, before)[g] || 1) : 1;
          return stored[k % stored.length] + (b - a) * factor;
        });
      }),
    ),
  );
  return new Result(core, values, core.groups.map((group) => group.people), kind);
}

/** Return the result of readings of the whole country. */
export function computed(core, readings) {
  const values = core.values.map((regime, r) =>
    regime.map((measure, m) => measure.map((stored, g) => (stored ? readings.map((reading) => valueAt(core, reading, r, m, g)) : null))),
  );
  const sizes = readings.map((reading) => sizesOf(core, reading));
  const people = core.groups.map((group, g) => mean(sizes.map((size) => size[g])) ?? group.people);
  return new Result(core, values, people, "computed");
}

function valueAt(core, reading, r, m, g) {
  const regime = reading.regimes.indexOf(core.regimes[r].name);
  return regime < 0 ? null : (reading.values[regime]?.[m]?.[g] ?? null);
}

function mean(values) {
  const used = values.filter((value) => value !== null);
  return used.length ? used.reduce((sum, value) => sum + value, 0) / used.length : null;
}
