// What one number does to one answer: the answer at both ends of its plausible range, and the value at which it turns.
// The same people and draws at every value, on fewer people, added to the stored result of the whole country.

import { hasDirection } from "./numbers.js";
import { previewed } from "./ladder.js";

export const RUNS = 8;
const HALVINGS = 6;

/**
 * Probe a number.
 *
 * @param answer async (value) -> {mean, low, high}: the paired difference at a value of the number
 * @param range {low, high} of the number
 * @returns {low, high, turns, unclear}: the answers at both ends; the value at which the sign changes, or null;
 *   and the values between which the runs do not show a direction, or null
 */
export async function turning(answer, range) {
  const seen = new Map();
  const ask = async (value) => {
    if (!seen.has(value)) seen.set(value, await answer(value));
    return seen.get(value);
  };
  const [low, high] = [await ask(range.low), await ask(range.high)];
  let turns = null;
  if (low.mean !== null && high.mean !== null && low.mean * high.mean < 0) {
    let [a, b] = [range.low, range.high];
    for (let k = 0; k < HALVINGS; k += 1) {
      const middle = (a + b) / 2;
      const found = await ask(middle);
      if (found.mean * seen.get(a).mean <= 0) b = middle;
      else a = middle;
    }
    const [before, after] = [seen.get(a).mean, seen.get(b).mean];
    turns = before === after ? a : a + ((b - a) * before) / (before - after);
  }
  const blurred = [...seen].filter(([, found]) => found.low !== null && !hasDirection(found)).map(([value]) => value);
  return { low, high, turns, unclear: blurred.length ? [Math.min(...blurred), Math.max(...blurred)] : null };
}

/** Return the answer of the page to the chosen measure and group, as a function of one number. */
export function answerOf(app, name, signal, onRun = () => {}, runs = RUNS) {
  const { engine, ladder, core } = app;
  const [small] = engine.sizes;
  const { measure, group, reform } = app;
  const state = { ...app.state };
  return async (value) => {
    const readings = [];
    for (let replicate = 0; replicate < runs; replicate += 1) {
      if (signal.aborted) throw new DOMException("stopped", "AbortError");
      const before = await ladder.baseline(small, replicate, signal);
      const changed = { ...state, changes: { ...state.changes, [name]: value } };
      await engine.run(changed, { size: small, from: replicate, replicates: 1, signal, lane: "-probe" }, (reading) => readings.push([before, reading]));
      onRun();
    }
    return previewed(core, readings, "preview").difference(measure, group, reform);
  };
}
