// Why an engine does not run a state.

export class Refused extends Error {
  /** @param problems [{problem, key, given, accepted, nearest}] as /api/run says, or a key of the texts */
  constructor(problems) {
    super(typeof problems === "string" ? problems : problems.map((one) => one.problem).join("; "));
    this.problems = problems;
  }
}
