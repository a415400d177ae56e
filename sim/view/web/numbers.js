// Means, paired differences and their intervals: the arithmetic of sim/outcomes/intervals.py, whose tables are in the core.

const COUNTED = ["persons", "cases", "networks"];
const ENOUGH = 3;

/** Return mean, low, high and count of the values that are defined; low and high are null where there is no interval. */
export function summary(values, core, unit, signed) {
  const used = (values ?? []).filter((value) => value !== null && value !== undefined);
  const count = used.length;
  if (count === 0) return { mean: null, low: null, high: null, count, values: used };
  const mean = used.reduce((sum, value) => sum + value, 0) / count;
  if (count === 1) return { mean, low: null, high: null, count, values: used };
  const variance = used.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1);
  const half = quantile(core.quantiles, count - 1) * Math.sqrt(variance / count);
  const hull = [[mean - half, mean + half], beyond(used, mean, core.exact, unit, signed)];
  if (hull[1] === "unknown") return { mean, low: null, high: null, count, values: used };
  let low = Math.min(...hull.filter(Boolean).map((ends) => ends[0]));
  let high = Math.max(...hull.filter(Boolean).map((ends) => ends[1]));
  if (!signed && mean >= 0) low = Math.max(low, 0);
  if (unit === "share") [low, high] = [Math.max(low, signed ? -1 : 0), Math.min(high, 1)];
  return { mean, low, high, count, values: used };
}

/** Return an interval that covers where little happens, null where the t-interval does, "unknown" where there is none. */
function beyond(used, mean, exact, unit, signed) {
  const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
  const count = used.length;
  const gains = sum(used.map((value) => Math.max(value, 0)));
  const losses = sum(used.map((value) => Math.max(-value, 0)));
  if (COUNTED.includes(unit) && used.every(Number.isInteger) && gains + losses < exact.poisson.length) {
    const [low, high] = exact.poisson[gains];
    if (!signed) return [low / count, high / count];
    const [lossesLow, lossesHigh] = exact.poisson[losses];
    const below = Math.hypot(gains - low, lossesHigh - losses);
    const above = Math.hypot(high - gains, losses - lossesLow);
    return [(gains - losses - below) / count, (gains - losses + above) / count];
  }
  const usual = [...used].sort((a, b) => a - b)[Math.floor((count - 1) / 2)];
  const off = used.filter((value) => value !== usual).length;
  if (off >= count / 2) return null;
  const counted = COUNTED.includes(unit);
  if (off < (counted ? 1 : ENOUGH) && unit !== "share") return "unknown";
  if (counted) return null;
  const [least, most] = exact.other[count - 2][off];
  if (off === 0) return [(1 - most) * usual + most * (signed ? -1 : 0), (1 - most) * usual + most];
  const away = ((mean - usual) * count) / off;
  const ends = [usual + away * least, usual + away * most];
  return [Math.min(...ends), Math.max(...ends)];
}

/** Return a summary with everything times a factor. */
export const scaled = (found, factor) => ({
  ...found,
  ...Object.fromEntries(["mean", "low", "high"].map((key) => [key, found[key] === null ? null : found[key] * factor])),
  values: found.values.map((value) => value * factor),
});

/** Return the two-sided 95% quantile of t; beyond the table that of its last entry, which is wider. */
export const quantile = (quantiles, freedom) => quantiles[Math.min(freedom, quantiles.length) - 1];

/** Return the paired difference, replicate by replicate; null where one of the two is undefined. */
export function paired(before, after) {
  if (!before || !after) return null;
  return after.map((value, at) => (value === null || before[at] === null ? null : value - before[at]));
}

/** Return whether an interval lies on one side of zero. */
export const hasDirection = ({ low, high }) => low !== null && (low > 0 || high < 0);

/** Return the decimals with which an estimate and its interval are shown, as sim/report/phrases.py does. */
export function decimals(estimate, low = null, high = null) {
  const within = (places) => Math.min(Math.max(places, 0), 4);
  const half = low === null ? 0 : (high - low) / 2;
  if (half > 0) {
    const places = within(-Math.floor(Math.log10(half / 4)));
    const round = (value) => Number(value.toFixed(places));
    const vanishing = [low, high].filter((bound) => bound !== 0 && round(bound) === 0);
    return within(Math.max(places, ...vanishing.map((bound) => -Math.floor(Math.log10(Math.abs(bound))))));
  }
  if (!Number.isFinite(estimate) || Number.isInteger(estimate)) return 0;
  return within(2 - Math.floor(Math.log10(Math.abs(estimate))));
}

/** Return the smallest round number that is not below a number; 1 when there is nothing to show. */
export function niceLimit(largest) {
  if (!(largest > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(largest));
  return [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].map((step) => step * power).find((limit) => limit >= largest * (1 - 1e-12));
}
