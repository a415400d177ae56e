// The answers of a room as dots in three columns, and the expected numbers of people on a line with those of the model.

import { scaleLinear } from "../vendor/d3.js";
import { niceLimit } from "../numbers.js";

export const CHOICES = ["fewer", "same", "more"];

/**
 * Place a dot for each answer, in stacks above three words.
 *
 * @param counts {fewer, same, more}
 * @param size {width, em}
 * @returns {width, height, base, columns: [{choice, x, count}], dots: [{choice, x, y, r}]}
 */
export function stacks(counts, { width, em }) {
  const most = Math.max(...CHOICES.map((choice) => counts[choice]), 1);
  const column = width / CHOICES.length;
  const across = Math.min(Math.max(Math.ceil(most / 6), 1), Math.max(Math.floor(column / (1.4 * em)), 1));
  const step = Math.min(1.3 * em, column / (across + 1));
  const rows = Math.ceil(most / across);
  const base = rows * step + 0.6 * em;
  const columns = CHOICES.map((choice, at) => ({ choice, x: column * (at + 0.5), count: counts[choice] }));
  const dots = columns.flatMap(({ choice, x, count }) =>
    Array.from({ length: count }, (_, k) => {
      const row = Math.floor(k / across);
      const inRow = Math.min(across, count - row * across);
      return { choice, x: x + ((k % across) - (inRow - 1) / 2) * step, y: base - (row + 0.5) * step, r: step * 0.4 };
    }),
  );
  return { width, height: base + 3.2 * em, base, columns, dots };
}

/**
 * Place the expected numbers above a line and the runs of the model below it, on one scale around zero.
 *
 * @param amounts of people, per 1,000
 * @param runs of the model, per 1,000; null where a run has none
 * @param size {width, em}
 * @returns {width, height, axis, zero, limit, ticks: [{value, x}], people: [{x, y}], model: [{x, y}]}
 */
export function line(amounts, runs, { width, em }) {
  const known = runs.filter((value) => value !== null);
  const limit = niceLimit(Math.max(...[...amounts, ...known].map(Math.abs), 0));
  const x = scaleLinear([-limit, limit], [1.5 * em, width - 1.5 * em]);
  const above = piled(amounts.map(x), 0.8 * em);
  const below = piled(known.map(x), 0.8 * em);
  const axis = (Math.max(0, ...above.map(({ level }) => level)) + 1.4) * 0.8 * em;
  const depth = (Math.max(0, ...below.map(({ level }) => level)) + 1.4) * 0.8 * em;
  return {
    width,
    height: axis + 1.8 * em + depth,
    axis,
    zero: x(0),
    limit,
    ticks: [-1, -0.5, 0, 0.5, 1].map((part) => ({ value: part * limit, x: x(part * limit) })),
    people: above.map(({ at, level }) => ({ x: at, y: axis - (level + 0.7) * 0.8 * em })),
    model: below.map(({ at, level }) => ({ x: at, y: axis + 1.8 * em + (level + 0.7) * 0.8 * em })),
  };
}

/** Return each place with the first level on which nothing is nearer than a dot. */
function piled(places, dot) {
  const levels = [];
  return [...places].sort((one, other) => one - other).map((at) => {
    let level = levels.findIndex((last) => at - last >= dot);
    if (level < 0) level = levels.length;
    levels[level] = at;
    return { at, level };
  });
}
