// Run replicates of the engine: node replicates.mjs ENGINE DATA < [{size, changes, replicate}, ...]
// Prints for each the hashes of the logs under all regimes; with "read": true its reading; and seconds and bytes of memory.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { portable } from "../../sim/view/web/engine/portable.js";

const [engine, data] = await Promise.all(process.argv.slice(2).map((path) => readFile(path)));
const asked = JSON.parse(await readFile("/dev/stdin", "utf8"));
const runner = await portable(engine, data.buffer.slice(data.byteOffset, data.byteOffset + data.length));
const out = asked.map(({ size = 0, changes = {}, replicate, read, set = 0, ...state }) => {
  if (read) {
    const start = performance.now();
    const reading = runner.reading({ ...state, changes }, size, replicate, set);
    return { ...reading, seconds: (performance.now() - start) / 1000, bytes: runner.memory.free };
  }
  runner.check({ changes });
  const start = performance.now();
  runner.use(size, set);
  const people = runner.make(changes, replicate);
  const logs = runner.head.regimes.map((_, w) => {
    const log = runner.log(runner.live(w, people, changes));
    return [log.length / 3, createHash("sha256").update(new Uint8Array(log.buffer, log.byteOffset, log.byteLength)).digest("hex")];
  });
  return { logs, seconds: (performance.now() - start) / 1000, bytes: runner.memory.free };
});
console.log(JSON.stringify(out));
