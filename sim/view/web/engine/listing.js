// Everybody who might come, from the blocks of sim/runs/engine_data.py: names that are numbered within a block, hashed by
// engine.wasm, and what all people of a block share.

const WIDTH = 4; // digits of a number, at least
const DAY = 86400000; // milliseconds
const SHARED = ["nationality", "kind", "month_start", "month_days"];

/** Write the arrays of People that say who might come; lists are kept, since hashing a country takes a while. */
export function listed(engine, placed) {
  const { memory, lists } = engine;
  const blocks = Object.fromEntries(["count", ...SHARED].map((name) => [name, engine.own(name).data]));
  // A set of assumptions that changes nothing of who might come has the list of its number of people.
  if (!lists.has(blocks.count)) lists.set(blocks.count, hashed(engine, blocks));
  const { name, by_name: order } = lists.get(blocks.count);
  memory.view(placed.name).set(name);
  memory.view(placed.by_name).set(order);
  for (const part of SHARED) {
    const rows = memory.view(placed[part]);
    let first = 0;
    blocks[part].forEach((value, block) => rows.fill(value, first, (first += blocks.count[block])));
  }
}

/** Return with what the names of each block begin: group, month of arrival and mark of the flow. */
export function prefixesOf({ groups, marks, start }, { nationality, kind, month_start: days }) {
  const month = (day) => new Date(Date.parse(start) + day * DAY).toISOString().slice(0, "2019-03".length);
  return Array.from(nationality, (group, block) => `${groups[group]}-${month(days[block])}-${marks[kind[block]] ?? marks[0]}`);
}

function hashed(engine, blocks) {
  const { head, memory, exports } = engine;
  const { text, first } = namesOf(prefixesOf(head.names, blocks), blocks.count);
  const names = first.length - 1;
  const take = (name, kind, ...shape) => memory.take(`listing.${name}`, kind, shape);
  const arrays = {
    text: take("text", "uint8", text.length),
    first: take("first", "int32", first.length),
    begin: engine.put("listing.begin"),
    order: engine.put("listing.order"),
    word: take("word", "uint64", 16),
    given: take("given", "uint64", 16),
    of_byte: take("of_byte", "int32", 257),
    other: take("other", "int32", names),
    name: take("name", "uint64", names),
    by_name: take("by_name", "int32", names),
  };
  memory.view(arrays.text).set(text);
  memory.view(arrays.first).set(first);
  exports.list_names(memory.struct("Listing", head.structs.Listing, arrays));
  return { name: memory.view(arrays.name).slice(), by_name: memory.view(arrays.by_name).slice() };
}

/** Return the bytes of all names, one after the other, and where each begins. */
export function namesOf(prefixes, counts) {
  const names = prefixes.map((prefix, block) => Array.from({ length: counts[block] }, (_, k) => prefix + String(k + 1).padStart(WIDTH, "0")));
  const every = names.flat();
  const first = new Int32Array(every.length + 1);
  every.forEach((name, k) => { first[k + 1] = first[k] + name.length; }); // plain letters: a byte each
  return { text: new TextEncoder().encode(every.join("")), first };
}
