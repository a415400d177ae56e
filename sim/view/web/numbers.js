// Means, paired differences and their intervals: the arithmetic of sim/outcomes/pairing.py.

/** Return mean, low, high and count of the values that are defined; low and high are null for fewer than two. */
export function summary(values, quantiles) {
  const used = (values ?? []).filter((value) => value !== null && value !== undefined);
  const count = used.length;
  if (count === 0) return { mean: null, low: null, high: null, count, values: used };
  const mean = used.reduce((sum, value) => sum + value, 0) / count;
  if (count === 1) return { mean, low: null, high: null, count, values: used };
  const variance = used.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1);
  const half = quantile(quantiles, count - 1) * Math.sqrt(variance / count);
  return { mean, low: mean - half, high: mean + half, count, values: used };
}

/** Return the two-sided 95% quantile of t; beyond the table that of its last entry, which is wider. */
export const quantile = (quantiles, freedom) => quantiles[Math.min(freedom, quantiles.length) - 1];

/** Return the paired difference, replicate by replicate; null where one of the two is undefined. */
export function paired(before, after) {
  if (!before || !after) return null;
  return after.map((value, at) => (value === null || before[at] === null ? null : value - before[at]));
}

export const times = (values, factor) =>
  values === null ? null : values.map((value) => (value === null ? null : value * factor));

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
