// What each of many numbers does to one answer: the answer at both ends of its plausible range, one number after the other.
// Results are of one state, measure and group; a change of these makes them past.

import { simulated } from "./state.js";
import { answerOf } from "./turning.js";

export const RUNS = 2;

export class Influence {
  constructor(app, answer = answerOf) {
    Object.assign(this, { app, answer, found: new Map(), key: null, stop: null });
  }

  /** Return {low, high}, the answers at both ends of a number; null where it was not asked for the present question. */
  of(name) {
    return this.key === this.question() ? (this.found.get(name) ?? null) : null;
  }

  /** How far a number moves the answer; -1: not known. */
  size(name) {
    const ends = this.of(name);
    return ends === null || ends.low.mean === null || ends.high.mean === null ? -1 : Math.abs(ends.high.mean - ends.low.mean);
  }

  /** The largest answer of all, on either side of zero. */
  get limit() {
    const means = [...this.found.values()].flatMap(({ low, high }) => [low.mean ?? 0, high.mean ?? 0]);
    return Math.max(...means.map(Math.abs), 0);
  }

  get isBusy() {
    return this.stop !== null;
  }

  question() {
    const { state, measure, group, reform } = this.app;
    return JSON.stringify([simulated(state), measure, group, reform]);
  }

  cancel() {
    this.stop?.abort();
    this.stop = null;
  }

  /** Ask for each number; `told` is called after each with how many are done. Returns whether all were asked. */
  async ask(parameters, told) {
    this.cancel();
    const stop = new AbortController();
    const key = this.question();
    if (key !== this.key) this.found = new Map();
    Object.assign(this, { stop, key });
    let done = 0;
    try {
      for (const { name, low, high } of parameters) {
        if (stop.signal.aborted || this.question() !== key) return false;
        if (!this.found.has(name)) {
          const answer = this.answer(this.app, name, stop.signal, undefined, RUNS);
          this.found.set(name, { low: await answer(low), high: await answer(high) });
        }
        done += 1;
        told(done);
      }
      return true;
    } catch (error) {
      if (stop.signal.aborted) return false;
      throw error;
    } finally {
      if (this.stop === stop) this.stop = null;
    }
  }
}
