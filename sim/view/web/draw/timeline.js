// A calendar with dated events, their labels in lanes so that none overlaps another.

import { scaleLinear } from "../vendor/d3.js";

export const dayOf = (iso, start) => Math.round((Date.parse(`${iso}T00:00Z`) - Date.parse(`${start}T00:00Z`)) / 86400000);

export const isoOf = (day, start) => new Date(Date.parse(`${start}T00:00Z`) + day * 86400000).toISOString().slice(0, 10);

/**
 * @param events [{key, from, until, text}] days from the start; until null: a single day
 * @param period {start, days}
 * @param size {width, em, character}: `character` is the width of a letter in em
 */
export function layout(events, { start, days }, { width, em, character = 0.52 }) {
  const x = scaleLinear([0, days], [0.6 * em, width - 0.6 * em]);
  const ends = [];
  const placed = [...events]
    .sort((a, b) => a.from - b.from)
    .map((event) => {
      const wide = event.text.length * character * em;
      const from = x(Math.max(event.from, 0));
      const until = event.until === null ? from : x(Math.min(event.until, days));
      const begins = from + wide > width ? Math.max(width - wide - 0.3 * em, 0) : from;
      let lane = ends.findIndex((end) => end + 0.8 * em <= begins);
      if (lane < 0) lane = ends.length;
      ends[lane] = begins + wide;
      return { ...event, x: from, until, begins, lane };
    });
  const lanes = Math.max(ends.length, 1);
  const axis = lanes * 1.35 * em + 0.6 * em;
  const first = Number(start.slice(0, 4));
  const years = [];
  for (let year = first; dayOf(`${year}-01-01`, start) <= days; year += 1) {
    const day = dayOf(`${year}-01-01`, start);
    if (day >= 0) years.push({ year, x: x(day) });
  }
  return { width, height: axis + 2.2 * em, axis, years, x, events: placed, lane: 1.35 * em };
}
