// Ways out since arrival: a panel for each way, a line for each regime, all on one scale.

import { curveStepAfter, line, scaleLinear } from "../vendor/d3.js";

/** Shares at which the axis can end: a half of each is a whole per cent. */
const CEILINGS = [0.02, 0.04, 0.06, 0.1, 0.2, 0.4, 0.6, 0.8, 1];

/**
 * @param curves [{key, lines: [[share at each day or null]]}]
 * @param days days since arrival
 * @param size {width, em, tall}: pixels; of the drawing, the letters and a panel
 */
export function layout(curves, days, { width, em, tall = 6.2 * em }) {
  const left = 2.9 * em;
  const columns = Math.max(Math.min(curves.length, Math.floor((width - left) / (10.5 * em))), 1);
  const gap = 1.1 * em;
  const wide = (width - left - 0.8 * em) / columns - gap;
  const head = 5 * em;
  const foot = 1.8 * em;
  const most = Math.max(...curves.flatMap((curve) => curve.lines.flat()).filter((share) => share !== null), 0.01);
  const ceiling = CEILINGS.find((share) => share >= most) ?? 1;
  const x = scaleLinear([0, days.at(-1)], [0, wide]);
  const y = scaleLinear([0, ceiling], [tall, 0]);
  const path = line((_, at) => x(days[at]), (share) => y(share))
    .defined((share) => share !== null)
    .curve(curveStepAfter);
  const rows = Math.ceil(curves.length / columns);
  return {
    width,
    height: rows * (head + tall + foot),
    wide,
    tall,
    ceiling,
    ticks: [0, ceiling / 2, ceiling].map((share) => ({ share, y: y(share) })),
    years: Array.from({ length: Math.floor(days.at(-1) / 365.25) + 1 }, (_, year) => ({ year, x: x(year * 365.25) })),
    panels: curves.map((curve, at) => ({
      key: curve.key,
      first: at % columns === 0,
      x: left + (at % columns) * (wide + gap),
      y: head + Math.floor(at / columns) * (head + tall + foot),
      lines: curve.lines.map((shares) => ({ path: path(shares), last: shares.filter((share) => share !== null).at(-1) ?? null })),
    })),
  };
}
