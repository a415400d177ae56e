// The people whose lives part, one dot each, in both worlds: where they end under the baseline (left) and the reform (right).
// Those who end elsewhere lie nearest to the middle, and a band says from where to where. Data in, places out.

/**
 * @param parted [{number, before, after}], positions of outcomes
 * @param outcomes number of outcomes
 * @param size {width, em, most}: pixels, and the largest height wanted
 * @returns {width, height, radius, dots, rows, bands, left, right}
 */
export function layout(parted, outcomes, { width, em, most = 30 * em }) {
  const label = Math.min(13 * em, width * 0.19);
  const gutter = Math.max(width * 0.15, 5 * em);
  const block = (width - 2 * label - gutter) / 2 - 0.6 * em;
  const counts = countPairs(parted, outcomes);
  let pitch = 0.62 * em;
  let rows = rowsOf(counts, outcomes, block, pitch, em);
  while (rows.at(-1).bottom > most && pitch > 3) {
    pitch *= 0.92;
    rows = rowsOf(counts, outcomes, block, pitch, em);
  }
  // The names are beside the widest row of dots, and what is left of the width is around the whole.
  const [wideBefore, wideAfter] = ["Before", "After"].map((side) => pitch * Math.max(...rows.map((row) => Math.ceil(row[side.toLowerCase()] / row[`lines${side}`])), 1));
  const between = Math.min(width - 2 * (label + 0.6 * em) - wideBefore - wideAfter, Math.max(gutter, 24 * em));
  const margin = (width - 2 * (label + 0.6 * em) - wideBefore - wideAfter - between) / 2;
  const left = margin + label + 0.6 * em + wideBefore;
  const right = left + between;
  const dots = [];
  for (let outcome = 0; outcome < outcomes; outcome += 1) {
    const row = rows[outcome];
    const before = parted.filter((one) => one.before === outcome).sort(movedFirst("after"));
    const after = parted.filter((one) => one.after === outcome).sort(movedFirst("before"));
    place(before, row, row.linesBefore, pitch, (column) => left - pitch * (column + 0.5), 0, dots);
    place(after, row, row.linesAfter, pitch, (column) => right + pitch * (column + 0.5), 1, dots);
  }
  return {
    width,
    height: rows.at(-1).bottom + 0.3 * em,
    radius: pitch * 0.38,
    label,
    margin,
    names: [left - wideBefore - 0.6 * em, right + wideAfter + 0.6 * em],
    left,
    right,
    rows,
    dots,
    bands: bandsOf(counts, rows, left, right, em),
  };
}

export function countPairs(parted, outcomes) {
  const counts = Array.from({ length: outcomes }, () => new Array(outcomes).fill(0));
  for (const { before, after } of parted) counts[before][after] += 1;
  return counts;
}

const movedFirst = (other) => (a, b) =>
  Number(a.before === a.after) - Number(b.before === b.after) || a[other] - b[other] || a.number - b.number;

function rowsOf(counts, outcomes, block, pitch, em) {
  const columns = Math.max(Math.floor(block / pitch), 1);
  const rows = [];
  let top = 0.2 * em;
  for (let outcome = 0; outcome < outcomes; outcome += 1) {
    const before = counts[outcome].reduce((sum, n) => sum + n, 0);
    const after = counts.reduce((sum, row) => sum + row[outcome], 0);
    const [linesBefore, linesAfter] = [before, after].map((n) => Math.max(Math.ceil(n / columns), 3));
    const height = Math.max(Math.max(linesBefore, linesAfter) * pitch, 2.5 * em);
    rows.push({ outcome, before, after, linesBefore, linesAfter, top, height, bottom: top + height });
    top += height + 0.7 * em;
  }
  return rows;
}

function place(people, row, lines, pitch, x, side, dots) {
  const offset = row.top + (row.height - lines * pitch) / 2;
  people.forEach((one, at) => {
    const column = Math.floor(at / lines);
    dots.push({ ...one, side, moved: one.before !== one.after, x: x(column), y: offset + pitch * ((at % lines) + 0.5) });
  });
}

function bandsOf(counts, rows, left, right, em) {
  const out = rows.map((row) => counts[row.outcome].reduce((sum, n, to) => sum + (to === row.outcome ? 0 : n), 0));
  const into = rows.map((row) => counts.reduce((sum, from, at) => sum + (at === row.outcome ? 0 : from[row.outcome]), 0));
  const thickness = Math.min(...rows.map((row, at) => row.height / Math.max(out[at], into[at], 1)), 0.5 * em);
  const start = rows.map((row, at) => row.top + (row.height - out[at] * thickness) / 2);
  const end = rows.map((row, at) => row.top + (row.height - into[at] * thickness) / 2);
  const bands = [];
  counts.forEach((row, from) =>
    row.forEach((count, to) => {
      if (count === 0 || from === to) return;
      const wide = count * thickness;
      const [y0, y1] = [start[from] + wide / 2, end[to] + wide / 2];
      start[from] += wide;
      end[to] += wide;
      const [x0, x1] = [left + 0.3 * em, right - 0.3 * em];
      const middle = (x0 + x1) / 2;
      bands.push({ from, to, count, wide: Math.max(wide, 0.75), path: `M${x0},${y0}C${middle},${y0} ${middle},${y1} ${x1},${y1}` });
    }),
  );
  return bands;
}

/** Return the dot nearest to a point, or null where none is near. */
export function nearest(dots, x, y, reach) {
  let found = null;
  let best = reach * reach;
  for (const dot of dots) {
    const distance = (dot.x - x) ** 2 + (dot.y - y) ** 2;
    if (distance < best) [found, best] = [dot, distance];
  }
  return found;
}
