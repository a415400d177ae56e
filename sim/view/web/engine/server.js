// The engine of the computer that serves the page: POST /api/run, one line of JSON a replicate.

import { Refused } from "./refused.js";

const page = () => Math.random().toString(36).slice(2);

export async function open(core) {
  const name = page();
  const people = core.groups[0].people;
  return {
    kind: "server",
    people,
    whole: true,
    sets: 0,
    moves: () => true,
    sizes: [3000, 10000, people].filter((size) => size <= people),
    run: (state, options, onReading) => run(name, state, options, onReading),
  };
}

async function run(name, state, { size = 0, from = 0, replicates = 1, signal, lane = "" }, onReading) {
  const { day, person, screen, language, group, measure, ...simulated } = state;
  const response = await fetch("api/run", {
    method: "POST",
    headers: { "content-type": "application/json", "x-b8sim-page": `${name}${lane}` },
    body: JSON.stringify({ state: size ? { ...simulated, size } : simulated, from, to: from + replicates }),
    signal,
  });
  if (!response.ok) throw new Refused((await response.json()).refusal);
  let head = null;
  for await (const line of lines(response.body)) {
    if (line.kind === "head") head = line;
    else if (line.kind === "replicate") {
      onReading({ replicate: line.replicate, regimes: head.regimes, values: line.values, pairs: line.pairs, head });
    } else if (line.kind === "failed") throw new Refused([{ problem: line.why }]);
    else if (line.kind === "stopped") return;
  }
}

async function* lines(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    const parts = (rest + value).split("\n");
    rest = parts.pop();
    for (const part of parts) if (part) yield JSON.parse(part);
  }
  if (rest.trim()) yield JSON.parse(rest);
}
