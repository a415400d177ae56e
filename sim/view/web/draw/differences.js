// What differs: a row for each measure, with the mean, its interval, and a dot for each replicate.

import { scaleLinear } from "../vendor/d3.js";
import { niceLimit } from "../numbers.js";

/**
 * @param rows [{key, shared, mean, low, high, values, from, until}], from and until the range over fitted sets; rows that are `shared` have one scale, others their own
 * @param size {width, em}
 * @returns {width, height, isWide, zero, left, right, shared: limit, ticks, rows: [{..., y, x, low, high, dots, limit}]}
 */
export function layout(rows, { width, em }) {
  const isWide = width > 58 * em; // then the interval is beside the number, not below it
  const left = Math.min(18.5 * em, width * 0.4);
  const right = width - Math.min((isWide ? 19 : 12.5) * em, width * 0.32);
  const height = (isWide ? 1.75 : 2.5) * em;
  const shared = niceLimit(Math.max(...rows.filter((row) => row.shared).flatMap(bounds), 0));
  let y = 0.4 * em;
  let wasShared = true;
  const placed = rows.map((row) => {
    if (wasShared && !row.shared) y += 2.6 * em;
    wasShared = row.shared;
    const limit = row.shared ? shared : niceLimit(Math.max(...bounds(row), 0));
    const x = scaleLinear([-limit, limit], [left, right]);
    const middle = y + height / 2;
    y += height;
    const at = (value) => (value === null ? null : x(value));
    return {
      ...row,
      limit,
      y: middle,
      x: at(row.mean),
      lowX: at(row.low),
      highX: at(row.high),
      fromX: at(row.from ?? null),
      untilX: at(row.until ?? null),
      dots: row.values.map((value, k) => ({ x: x(value), y: middle + (((k * 7) % 11) / 10 - 0.5) * 0.75 * em })),
    };
  });
  const lastShared = placed.filter((row) => row.shared).at(-1);
  const scale = scaleLinear([-shared, shared], [left, right]);
  const ticks = lastShared ? [-1, -0.5, 0, 0.5, 1].map((part) => ({ value: part * shared, x: scale(part * shared) })) : [];
  const axis = lastShared ? lastShared.y + height / 2 + 0.2 * em : null;
  const bottom = Math.max(y, axis === null ? 0 : axis + 1.6 * em);
  return { width, height: bottom + 0.3 * em, isWide, left, right, zero: (left + right) / 2, shared, ticks, axis, rows: placed };
}

const bounds = (row) => [...row.values, row.low, row.high, row.mean, row.from ?? null, row.until ?? null].filter((value) => value !== null).map(Math.abs);
