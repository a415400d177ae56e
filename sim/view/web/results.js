// What is known of a state: every value of every replicate, and of what kind the numbers are.

import { paired, scaled, summary } from "./numbers.js";

/** The numbers of one state; `values[regime][measure][group]` are replicates or null. */
export class Result {
  /**
   * @param core the data of the page
   * @param values as in the core
   * @param people number of people of each group, for what is given per 1,000
   * @param kind computed (the whole country), preview (default + change on fewer people), direction, or first (fewer
   *   people, while the whole country is being computed)
   */
  constructor(core, values, people, kind) {
    Object.assign(this, { core, values, people, kind });
    this.places = new Map(core.measures.map((measure, at) => [`${measure.name} ${measure.world}`, at]));
    this.groups = new Map(core.groups.map((group, at) => [group.name, at]));
  }

  static ofCore(core) {
    return new Result(core, core.values, core.groups.map((group) => group.people), core.stage?.people ? "first" : "computed");
  }

  get replicates() {
    return this.values[0].flat().find((values) => values !== null)?.length ?? 0;
  }

  measure(name, world = "simulated") {
    const at = this.places.get(`${name} ${world}`);
    return at === undefined ? null : this.core.measures[at];
  }

  /** Return 1000 divided by the people of the group for what is counted in people, else 1. */
  factor(measure, group) {
    return measure.per_thousand ? 1000 / this.people[this.groups.get(group)] : 1;
  }

  level(name, group, regime, world = "simulated") {
    const measure = this.measure(name, world);
    if (!measure || !this.groups.has(group)) return summary(null, this.core);
    const values = this.values[regime][this.places.get(`${name} ${world}`)][this.groups.get(group)] ?? null;
    return scaled(summary(values, this.core, measure.unit, false), this.factor(measure, group));
  }

  /** Return the paired difference of a reform from the baseline: mean, low, high, count, values. */
  difference(name, group, reform, world = "simulated") {
    const measure = this.measure(name, world);
    if (!measure || !this.groups.has(group)) return summary(null, this.core);
    const place = this.places.get(`${name} ${world}`);
    const at = this.groups.get(group);
    const values = paired(this.values[0][place][at] ?? null, this.values[reform][place][at] ?? null);
    return scaled(summary(values, this.core, measure.unit, true), this.factor(measure, group));
  }
}

/** Return the people of the chosen group whose lives part under a reform, with both ends and where they part. */
export function partedOf(core, reform, group) {
  const at = core.groups.findIndex((one) => one.name === group);
  const { persons, reforms, steps, causes } = core.parting;
  const isIn = (person) => group === "rule_changed" || person.groups.includes(at);
  return reforms[reform - 1].lives
    .map((life) => ({ person: persons[life.person], life, number: life.person }))
    .filter(({ person }) => isIn(person))
    .map(({ person, life, number }) => ({
      number,
      key: person.key,
      month: person.month,
      place: person.number,
      before: person.outcome,
      after: life.outcome,
      ...partsAt(person.moves, life, steps, causes),
    }));
}

/** Return day and steps of the first difference between two lives; step and other are null where one has ended. */
export function partsAt(moves, life) {
  const at = life.shared * 3;
  const [day, step] = at < moves.length ? [moves[at], moves[at + 1]] : [null, null];
  const [otherDay, other] = life.moves.length ? [life.moves[0], life.moves[1]] : [null, null];
  const days = [day, otherDay].filter((one) => one !== null);
  return { day: days.length ? Math.min(...days) : null, step, other };
}
