// Two lives of one person on one calendar: a row for each track, the baseline above the other text in it.

import { scaleLinear } from "../vendor/d3.js";

/** Return the moves of both lives as [{day, step, cause}], and how many first ones they share. */
export function lives(person, life) {
  const list = (flat) => Array.from({ length: flat.length / 3 }, (_, k) => ({ day: flat[3 * k], step: flat[3 * k + 1], cause: flat[3 * k + 2] }));
  const before = list(person.moves);
  if (!life) return { before, after: before, shared: before.length };
  return { before, after: [...before.slice(0, life.shared), ...list(life.moves)], shared: life.shared };
}

/** Return the spells of a life: [{track, step, from, until}], open ones until the last day. */
export function spells(moves, steps, last) {
  const open = new Map();
  const found = [];
  for (const { day, step } of moves) {
    const { track } = steps[step];
    const earlier = open.get(track);
    if (earlier) found.push({ ...earlier, until: day });
    open.set(track, { track, step, from: day });
  }
  for (const spell of open.values()) found.push({ ...spell, until: last, open: true });
  return found;
}

/**
 * @param two as `lives` returns
 * @param steps of the core
 * @param tracks names of the tracks in the order of rows
 * @param last last day of the scenario
 * @param size {width, em}
 */
export function layout(two, steps, tracks, last, { width, em }) {
  const both = [two.before, two.after].map((moves) => spells(moves, steps, last));
  const first = Math.min(...two.before.map((move) => move.day), last);
  const left = Math.min(11 * em, width * 0.2);
  const x = scaleLinear([first, Math.max(last, first + 1)], [left, width - 0.5 * em]);
  const used = tracks.filter((track) => both.flat().some((spell) => spell.track === track));
  const bar = 1.5 * em;
  const rows = used.map((track, at) => ({ track, top: 2.2 * em + at * (2 * bar + 0.9 * em), bar }));
  const place = new Map(rows.map((row) => [row.track, row]));
  const bars = both.flatMap((list, world) =>
    list.map((spell) => {
      const row = place.get(spell.track);
      const [from, until] = [x(spell.from), x(spell.until)];
      return { ...spell, world, x: from, wide: Math.max(until - from, 2), y: row.top + world * bar, tall: bar - 2 };
    }),
  );
  const parts = [two.before[two.shared], two.after[two.shared]].filter(Boolean).map((move) => move.day);
  return {
    width,
    height: 2.2 * em + rows.length * (2 * bar + 0.9 * em),
    left,
    x,
    first,
    rows,
    bars,
    parting: parts.length ? x(Math.min(...parts)) : null,
  };
}

/** Return the step that each first differing move leaves: the last one before it on the same track; null at the start. */
export function leaves(two, steps) {
  const move = two.before[two.shared] ?? two.after[two.shared];
  if (!move) return null;
  const { track } = steps[move.step];
  const earlier = two.before.slice(0, two.shared).filter((one) => steps[one.step].track === track);
  return earlier.length ? earlier.at(-1).step : null;
}
