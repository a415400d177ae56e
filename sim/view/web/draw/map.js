// The map of the procedures: how many people are at each station, in both worlds, each lane on its own scale.

import { LANES, STATIONS } from "./stations.js";

/** Return for each station the people in it in each world: [[before, after]] for one month. */
export function present(parting, reform, month) {
  const at = new Map(parting.steps.map((step, number) => [step.name, number]));
  return STATIONS.map((station) =>
    [0, reform].map((regime) => station.steps.reduce((sum, step) => sum + (at.has(step) ? parting.present[regime][month][at.get(step)] : 0), 0)),
  );
}

/** Return the largest number of people that a station of each lane ever has. */
export function largest(parting, reform) {
  const most = Object.fromEntries(LANES.map((lane) => [lane, 1]));
  for (let month = 0; month < parting.months.length; month += 1) {
    present(parting, reform, month).forEach((counts, k) => {
      const { lane } = STATIONS[k];
      most[lane] = Math.max(most[lane], ...counts);
    });
  }
  return most;
}

/** Return the widths of the names of lanes, of what is between stations, and of a station. */
export function widths(width, em) {
  const columns = Math.max(...STATIONS.map((station) => station.column)) + 1;
  const left = Math.min(7 * em, width * 0.12);
  const gap = (width > 60 * em ? 0.7 : 0.4) * em;
  return { left, gap, wide: (width - left) / columns - gap };
}

/**
 * @param counts as `present` returns
 * @param most as `largest` returns
 * @param changed names of the steps that the text changed
 * @param size {width, em, number, lines, tallest}: pixels; of the widest number, the lines of the longest name, and the most that all lanes may take
 */
export function layout(counts, most, changed, { width, em, number = 3.4 * em, lines = 2, tallest = Infinity }) {
  const { left, gap, wide } = widths(width, em);
  const tall = (2.5 + 1.16 * lines) * em;
  const between = Math.min(0.9 * em, Math.max(tallest / LANES.length - tall, 0.35 * em));
  const lanes = LANES.map((lane, at) => ({ lane, y: at * (tall + between) + 0.3 * em, tall }));
  const stations = STATIONS.map((station, k) => {
    const y = lanes[LANES.indexOf(station.lane)].y;
    const x = left + station.column * (wide + gap);
    const bars = counts[k].map((count) => (count / most[station.lane]) * Math.max(wide - number - 0.95 * em, 0.6 * em));
    return { ...station, x, y, wide, tall, counts: counts[k], bars, ringed: station.steps.some((step) => changed.has(step)) };
  });
  return { width, height: lanes.at(-1).y + tall + 0.3 * em, left, lanes, stations, gap };
}

/** Return the position of the month in which a day lies. */
export function monthOf(months, day) {
  const at = months.findIndex((last) => last >= day);
  return at < 0 ? months.length - 1 : at;
}
