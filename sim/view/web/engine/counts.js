// What is counted of one run in the browser: who belongs to which group, what a history leaves behind, values and pairs.

const TO = 8; // bits of a move before the step that is entered

/** Return who belongs to which group, [persons, groups]. */
export function membersOf({ head, memory }, { persons, placed }) {
  const { last_day: last, members, parts } = head;
  const place = memory.take("members", "uint8", [persons, members.length]);
  const rows = memory.view(place);
  const [flags, arrival] = [placed.flags, placed.arrival].map((array) => memory.view(array));
  const bits = (traits, absent) => traits.reduce((sum, [bit, no]) => (Boolean(no) === absent ? sum | bit : sum), 0);
  const wanted = members.map((traits) => bits(traits, false));
  const looked = members.map((traits, g) => wanted[g] | bits(traits, true));
  for (let e = 0; e < persons; e += 1) {
    const here = arrival[e] < parts.never && arrival[e] <= last;
    for (let g = 0; g < members.length; g += 1) rows[e * members.length + g] = here && (flags[e] & looked[g]) === wanted[g] ? 1 : 0;
  }
  return place;
}

/** Keep what a history leaves behind, and forget its moves and the sums of its queues. */
export function remember(engine, w, { persons, networks }, placed) {
  const { head, memory } = engine;
  const world = head.worlds[w];
  const { parts } = head;
  const { tracks, remembered } = world;
  const n = persons + networks;
  const places = {
    opened_since: memory.take("opened_since", "int16", [n, tracks]),
    opened_step: memory.take("opened_step", "uint8", [n, tracks]),
    before: memory.take("before", "int16", [Math.max(...remembered) + 1, n]),
    begun: memory.take("begun", "uint64", [2, n]),
  };
  const slotted = engine.put(`w${w}.tally.slot`);
  const [log, slot] = [engine.log(placed), memory.view(slotted)];
  const since = memory.view(places.opened_since).fill(-1);
  const first = memory.view(places.before).fill(parts.never);
  for (let row = 0; row < log.length; row += parts.log) {
    const [day, e, to] = [log[row], log[row + 1], (log[row + 2] >> TO) & 255];
    since[e * tracks + slot[to]] = day;
    const at = remembered[to] * n + e;
    if (remembered[to] >= 0 && day < first[at]) first[at] = day;
  }
  const [step, rows] = [memory.view(places.opened_step), memory.view(placed.rows)];
  const { row: bytes, inside } = engine.layoutOf(world);
  const [, begins] = inside.step;
  for (let e = 0; e < n; e += 1) {
    for (let track = 0; track < tracks; track += 1) step[e * tracks + track] = rows[e * bytes + begins + track];
  }
  const begun = memory.view(places.begun).fill(0n);
  const soonest = (steps, e) => steps.reduce((day, to) => Math.min(day, first[remembered[to] * n + e]), parts.never);
  world.begun_by.forEach(([starts, bars], number) => {
    const bit = 1n << BigInt(number);
    for (let e = 0; e < n; e += 1) {
      const day = soonest(starts, e);
      if (day < parts.never) begun[e] |= bit;
      if (soonest(bars, e) < day) begun[n + e] |= bit; // on one day the first step counts
    }
  });
  memory.view(placed.counter)[parts.logged] = 0n;
  const sums = memory.view(placed.sums);
  for (let at = 0; at < sums.length; at += 1) if (at % parts.sums !== parts.credit) sums[at] = 0;
  return places;
}

/** Write the moves of a run by person; return their places. */
function byPerson(engine, n, lives) {
  const { head, memory } = engine;
  const size = engine.log(lives).length / head.parts.log;
  const moves = {
    start: memory.take("moves.start", "int32", [n + 1]),
    day: memory.take("moves.day", "int16", [size]),
    move: memory.take("moves.move", "int32", [size]),
  };
  const log = { ...lives.log, shape: [size, head.parts.log] };
  engine.exports.sort_moves(memory.struct("Sorting", head.structs.Sorting, { log, ...moves }));
  return moves;
}

/** Count a run; return its values [measure][group], null where undefined, and the outcomes of the persons. */
export function count(engine, w, { persons, networks, placed: who }, lives, members) {
  const { head, memory } = engine;
  const world = head.worlds[w];
  const n = persons + networks;
  const groups = head.members.length;
  const days = head.last_day + 1;
  const steps = world.remembered.length;
  const take = (name, kind, ...shape) => memory.take(`tally.${name}`, kind, shape);
  const arrays = {
    ...byPerson(engine, n, lives),
    member_of: members,
    works_in: { ...who.works_in, shape: [networks] },
    member_start: { ...who.member_start, shape: [networks + 1] },
    member: who.member,
    before_row: take("before_row", "int32", steps),
    ...(lives.opening ?? {
      opened_since: take("opened_since", "int16", 0, world.tracks),
      opened_step: take("opened_step", "uint8", 0, world.tracks),
      before: take("before", "int16", 0, 0),
      begun: take("begun", "uint64", 2, 0),
    }),
    grid: take("grid", "int32", 0),
    mine: take("mine", "int32", groups + 1),
    since: take("since", "int32", world.tracks),
    at: take("at", "int32", world.tracks),
    first: take("first", "int32", steps),
    entries: take("entries", "int32", steps),
    days: take("days", "int32", steps),
    done: take("done", "uint8", steps),
    touched: take("touched", "int32", steps + 1),
    counted_for: take("counted_for", "int32", world.rows),
    followed: take("followed", "uint64", 3),
    notified: take("notified", "int32", head.parts.notifiers),
    day_together: take("day_together", "int16", world.together, n),
    of_day: take("of_day", "int32", days),
    leaving: take("leaving", "int32", world.tables * groups * 2, days + 1),
    gone: take("gone", "int32", 0, days + 1),
    top: take("top", "float64", world.rows, groups),
    below: take("below", "float64", world.rows, groups),
    stand: take("stand", "uint8", n),
    measured: take("measured", "uint8", n),
    curve: take("curve", "float64", groups * world.causes, 0),
  };
  for (const name of ["key", "flags", "network", "arrival"]) arrays[name] = { ...who[name], shape: [n] };
  const fields = head.structs.Tally;
  for (const [name] of fields) arrays[name] ??= engine.put(`w${w}.tally.${name}`);
  memory.view(arrays.before_row).set(lives.opening ? world.remembered : world.remembered.map(() => -1));
  memory.view(arrays.measured).fill(0);
  engine.exports.count_run(memory.struct("Tally", fields, arrays), BigInt(head.first_day), BigInt(head.last_day));
  const top = memory.view(arrays.top);
  const values = Array.from({ length: world.rows }, (_, m) => Array.from(top.subarray(m * groups, (m + 1) * groups), defined));
  values.push(...ofPools(engine, world, lives));
  const [outcome, measured] = [arrays.stand, arrays.measured].map((place) => memory.view(place).slice(0, persons));
  return { values, outcome, measured };
}

/** Return the measures of the pools, which are of everybody only. */
function ofPools({ head, memory }, world, lives) {
  const sums = memory.view(lives.sums);
  const all = head.groups.indexOf("all");
  const period = head.last_day + 1 - head.first_day;
  return world.pool_rows.map((row) => {
    const values = head.groups.map(() => null);
    if (!row || all < 0) return values;
    const [above, divisor, pool] = row;
    const of = (part) => sums[pool * head.parts.sums + part];
    if (divisor < 0) values[all] = of(above) / period;
    else if (of(divisor) > 0) values[all] = of(above) / of(divisor);
    return values;
  });
}

/** Return the persons who are measured by outcome under the baseline and under a reform, for each group. */
export function crossed({ head, memory }, before, after, members) {
  const size = head.outcomes.length;
  const groups = head.members.length;
  const rows = memory.view(members);
  const counts = head.members.map(() => Array.from({ length: size }, () => new Array(size).fill(0)));
  before.outcome.forEach((outcome, e) => {
    if (!before.measured[e] && !after.measured[e]) return;
    for (let g = 0; g < groups; g += 1) if (rows[e * groups + g]) counts[g][outcome][after.outcome[e]] += 1;
  });
  return counts;
}

const defined = (value) => (Number.isFinite(value) ? value : null);
