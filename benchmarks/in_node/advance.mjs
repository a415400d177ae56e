// Run the engine on the arrays of a state: node advance.mjs ENGINE ARRAYS UNTIL OUT
import { readFile, writeFile } from "node:fs/promises";
import { Memory, unpack } from "../../sim/view/web/engine/layout.js";

const [engine, given, until, out] = process.argv.slice(2);
const { instance } = await WebAssembly.instantiate(await readFile(engine));
const file = await readFile(given);
const { head, arrays } = unpack(file.buffer.slice(file.byteOffset, file.byteOffset + file.length));
const memory = new Memory(instance.exports);
const placed = {};
for (const [name, { kind, shape }] of Object.entries(arrays)) placed[name] = memory.take(name, kind, shape);
const begin = () => {
  for (const [name, { data }] of Object.entries(arrays)) memory.view(placed[name]).set(data);
};
begin();
// Rows of bytes: each part of the row is an array that begins inside the rows.
for (const [name, [kind, first]] of Object.entries(head.parts)) {
  const size = kind.match(/\d+/)[0] / 8;
  placed[name] = { kind, at: placed.rows.at + first, shape: [head.rows, head.width / size], size: 0 };
}
const a = memory.struct("Arrays", head.struct, placed);
const start = process.cpuUsage();
const status = Number(instance.exports.advance(a, BigInt(until)));
const { user, system } = process.cpuUsage(start);
const seconds = (user + system) / 1e6;
const pieces = head.wanted.map((name) => {
  const { at, size, kind } = placed[name];
  const view = memory.view({ at, size, kind });
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
});
await writeFile(out, Buffer.concat(pieces));
console.log(JSON.stringify({ status, seconds, bytes: pieces.map((piece) => piece.length) }));
