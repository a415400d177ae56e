// One replicate in the browser: people, first morning, days under each regime, by the compiled functions of engine.wasm.
//
// `Portable` holds the data of sim/runs/engine_data.py and the memory of the engine. All arrays are used again by the next
// replicate. It knows nothing of workers and pages.

import { Memory, unpack } from "./layout.js";
import { count, crossed, membersOf, remember } from "./counts.js";
import { listed } from "./listing.js";
import { Refused } from "./refused.js";

const MOST_SPACE = 64;
const WORD = 8; // bytes; rows are whole words
const SUREST = 50; // log odds of what is certain, as in sim/compile/cells.py
const MOVES = 32; // of a person and network, for which the log has space at first
const FORMS = {
  p: (p) => p,
  "p / 365.25": (p) => p / 365.25,
  "p * 7": (p) => p * 7,
  "p * (365.25 / 12)": (p) => p * (365.25 / 12),
  "p * 365.25": (p) => p * 365.25,
  "p * (1 / 24)": (p) => p * (1 / 24),
};

/** Return an engine from the bytes of engine.wasm, or a compiled module of it, and a file of data. */
export async function portable(engine, data) {
  const made = await WebAssembly.instantiate(engine);
  return new Portable((made.instance ?? made).exports, data);
}

export class Portable {
  constructor(exports, data) {
    const { head, arrays } = unpack(data);
    this.exports = exports;
    this.head = head;
    this.given = arrays;
    this.memory = new Memory(exports);
    const log_odds = (p) => (p > 0 && p < 1 ? Math.min(Math.max(exports.log(p / (1 - p)), -SUREST), SUREST) : p > 0 ? SUREST : -SUREST);
    this.forms = { ...FORMS, "log p": (p) => exports.log(p), "log odds of p": log_odds };
    this.shown = null; // whose people are in the memory
    this.lists = new Map();
    this.size = 0;
    this.set = 0; // number of the fitted set of assumptions; 0: as shipped
    this.space = 1;
    this.wide = 0; // which layout of rows is in use
    head.worlds.forEach((world, w) => {
      const { data: t } = arrays[`w${w}.t`]; // given as differences
      for (let at = 1; at < t.length; at += 1) t[at] += t[at - 1];
      ["t", "u", "start_state", ...world.layouts.map((_, k) => `blank${k}`)].forEach((name) => this.put(`w${w}.${name}`));
    });
  }

  /** Refuse what needs another engine. */
  check({ regimes, changes, readings, presets, period }) {
    const { head } = this;
    if (readings && Object.keys(readings).length) throw new Refused("engine.wasm.refused");
    if (presets?.length || period) throw new Refused("engine.wasm.refused");
    for (const name of regimes ?? []) if (!head.regimes.includes(name)) throw new Refused("engine.wasm.refused");
    for (const [name, value] of Object.entries(changes ?? {})) {
      const pool = this.pool(name);
      if (!(pool?.changes ?? name in head.parameters)) throw new Refused("engine.wasm.refused");
      if (!Number.isFinite(value)) throw new Refused("engine.wasm.refused");
    }
  }

  /** Return the pool whose capacity has a name, as capacity.avim.report. */
  pool(name) {
    if (!name.startsWith("capacity.")) return null;
    const at = this.head.pools.findIndex(([pool]) => `capacity.${pool}` === name);
    return at < 0 ? null : { at, places: this.head.pools[at][1], changes: this.head.pools[at][2] };
  }

  /** Use a number of people, and a fitted set of assumptions, which has the first number of people. */
  use(people, set = 0) {
    if (set && (people !== this.head.sizes[0].size || set > this.head.sets.length)) throw new Refused("engine.wasm.refused");
    this.size = this.sizeOf(people);
    this.set = set;
  }

  get about() {
    return this.set ? this.head.sets[this.set - 1] : this.head.sizes[this.size];
  }

  /** Return a given array: the one of the set in use, of the number of people, or of all. */
  own(name) {
    const { given } = this;
    return (this.set ? given[`m${this.set - 1}.${name}`] : null) ?? given[`s${this.size}.${name}`] ?? given[name];
  }

  /** Return which of the sizes has a number of people; 0: all. */
  sizeOf(people) {
    if (!people) return this.head.sizes.length - 1;
    const at = this.head.sizes.findIndex(({ size }) => size === people);
    if (at < 0) throw new Refused("engine.wasm.refused");
    return at;
  }

  /** Make the people of a replicate; return the number of persons and networks. */
  make(changes, replicate) {
    const { head, memory } = this;
    const fields = head.structs.People;
    const { shapes, people: persons } = this.about;
    const placed = Object.fromEntries(fields.map(([name, kind]) => [name, memory.take(`people.${name}`, kind, shapes[name])]));
    for (const [name] of fields) if (this.given[`people.${name}`]) this.put(`people.${name}`);
    const shown = `${this.size} ${this.set}`;
    if (this.shown !== shown) listed(this, placed);
    this.shown = shown;
    const numbers = memory.view(placed.number);
    for (const [name, value] of Object.entries(changes)) {
      const at = head.numbers.indexOf(name);
      if (at >= 0) numbers[at] = value;
    }
    const root = this.key(this.key(this.key(0n, BigInt(head.seed)), BigInt(replicate)));
    const a = memory.struct("People", fields, placed);
    const networks = Number(this.exports.make_people(a, root, BigInt(head.last_day)));
    return { persons, networks, placed };
  }

  key(key, part) {
    return part === undefined ? key : BigInt.asUintN(64, this.exports.chain(key, part));
  }

  /** Run people through a world to its last day; return the places of the arrays of its state. */
  live(w, people, changes) {
    for (;;) {
      const placed = this.begin(w, people, changes);
      const a = this.memory.struct("Arrays", this.head.structs.Arrays, placed);
      const until = (day) => Number(this.exports.advance(a, BigInt(day)));
      const first = this.head.first_day;
      let [status, opening] = [0, null];
      if (first) status = until(first - 1);
      if (first && !status) opening = remember(this, w, people, placed);
      if (!status) status = until(this.head.last_day);
      if (!status) return { ...placed, opening };
      if (status === this.head.parts.too_many && this.wide + 1 < this.head.worlds[w].layouts.length) {
        this.wide += 1;
        continue;
      }
      if (!this.head.parts.full.includes(status) || this.space >= MOST_SPACE) throw new Refused("engine.wasm.refused");
      this.space *= 4;
    }
  }

  layoutOf(world) {
    return world.layouts[this.wide];
  }

  /** Write the state of the first morning. */
  begin(w, { persons, networks, placed: who }, changes) {
    const { head, memory, space } = this;
    const world = head.worlds[w];
    const { parts } = head;
    const n = persons + networks;
    const take = (name, kind, ...shape) => memory.take(`state.${name}`, kind, shape);
    const { row, inside, at_once: atOnce } = this.layoutOf(world);
    const rows = take("rows", "uint8", n + 1, row);
    const placed = {
      t: this.numbers(w),
      f: this.fractions(w, changes),
      u: this.at(`w${w}.u`),
      after: take("after", "int32", n + world.days),
      before: take("before", "int32", n + world.days),
      member_start: { ...who.member_start, shape: [networks + 1] },
      member: who.member,
      contact_start: take("contact_start", "int32", 0),
      contact: take("contact", "int32", 0),
      queue: take("queue", "int64", world.pools + 1, parts.queue),
      node: take("node", "int32", Math.floor((space * n) / 4) + 4096, parts.node),
      sums: take("sums", "float64", world.pools, parts.sums),
      counter: take("counter", "int64", parts.counter),
      bits: take("bits", "int64", Math.floor(n / 32) + 1),
      today: take("today", "int32", n),
      ending: take("ending", "int32", n),
      touched: take("touched", "int32", n),
      moved: take("moved", "int32", space * (4 * n + 4096)),
      work: take("work", "int32", 8 * n + 4096, parts.work),
      news: take("news", "int32", world.beliefs ? space * (4 * n + 4096) : 0, parts.news),
      log: take("log", "int32", space * (MOVES * n + 5000), parts.log),
    };
    for (const [name, [kind, first]] of Object.entries(inside)) {
      const width = row / (Number(kind.match(/\d+/)[0]) / 8);
      placed[name] = { kind, shape: [n, width], at: rows.at + first, size: 0 };
    }
    const morning = {
      ...placed,
      rows: { ...rows, kind: "uint64", shape: [n, row / WORD] },
      start_state: this.at(`w${w}.start_state`),
      blank: this.at(`w${w}.blank${this.wide}`),
    };
    for (const name of ["key", "flags", "level", "group", "network", "arrival"]) {
      morning[`who_${name}`] = { ...who[name], shape: [n, ...who[name].shape.slice(1)] };
    }
    const a = memory.struct("Morning", head.structs.Morning, morning);
    const sizes = [persons, atOnce, world.hazards, world.arrival_slot];
    this.exports.begin(a, ...sizes.map(BigInt));
    return { ...placed, rows };
  }

  /** Call with each run of numbers in which the set in use differs: its first place, the one after it, and the value. */
  runs(name, kind, change) {
    if (!this.set) return;
    const [first, count, value] = ["first", "count", kind].map((part) => this.own(`${name}.${part}`).data);
    first.forEach((place, k) => change(place, place + count[k], value[k]));
  }

  /** Write the whole numbers of a world. */
  numbers(w) {
    const place = this.put(`w${w}.t`);
    const t = this.memory.view(place);
    this.runs(`w${w}.t`, "by", (first, end, by) => { for (let row = first; row < end; row += 1) t[row] += by; });
    return place;
  }

  /** Write the fractions of a world with other numbers. */
  fractions(w, changes) {
    const { head, memory } = this;
    const given = this.own(`w${w}.f`);
    const place = memory.take("state.f", given.kind, given.shape);
    const f = memory.view(place);
    f.set(given.data);
    this.runs(`w${w}.f`, "to", (first, end, to) => f.fill(to, first, end));
    const { cells, days } = head.worlds[w];
    for (const [name, value] of Object.entries(changes)) {
      for (const [at, form] of cells[name] ?? []) f[at] = this.forms[form](value);
      const pool = this.pool(name);
      if (pool) {
        const { ratio } = this.about;
        const scaled = value * (ratio ?? 1);
        const whole = scaled > 0 ? Math.max(even(scaled), 1) : 0;
        const first = head.capacities + pool.at * days;
        f.fill(pool.places && ratio !== null ? whole : scaled, first, first + days);
      }
    }
    return place;
  }

  /** Run a replicate of a state: values of all measures by group under each regime, and pairs of outcomes. */
  reading(state, size, replicate, set = 0) {
    this.check(state);
    this.use(size, set);
    const changes = state.changes ?? {};
    const regimes = state.regimes ?? this.head.regimes;
    const people = this.make(changes, replicate);
    const members = membersOf(this, people);
    const values = [];
    const pairs = [];
    let base = null;
    for (const name of regimes) {
      const w = this.head.regimes.indexOf(name);
      const counts = count(this, w, people, this.live(w, people, changes), members);
      values.push(counts.values);
      if (base) pairs.push(crossed(this, base, counts, members));
      else base = counts;
    }
    return { replicate, regimes, values, pairs };
  }

  /** Return the log of a state: day, entity and move, one after the other. */
  log({ counter, log }) {
    const logged = Number(this.memory.view(counter)[this.head.parts.logged]);
    return this.memory.view(log).subarray(0, logged * this.head.parts.log);
  }

  /** Copy a given array, that of the set in use, into the memory; return its place. */
  put(name) {
    const { kind, shape, data } = this.own(name);
    const place = this.memory.take(name, kind, shape);
    this.memory.view(place).set(data);
    return place;
  }

  at(name) {
    const { kind, shape } = this.given[name];
    return this.memory.take(name, kind, shape);
  }
}

/** Round to a whole number; a half goes to the even one. */
function even(x) {
  const down = Math.floor(x);
  if (x - down !== 0.5) return Math.round(x);
  return down % 2 ? down + 1 : down;
}
