// Arrays in files, and arrays in the memory of the engine.
//
// `unpack` reads a file of sim/files/pack.py. `Memory` gives each array a place in the linear memory of engine.wasm and
// writes the structs by which the compiled functions find them: for each array its address and two sizes, 8 bytes each.

const KINDS = {
  int8: Int8Array, uint8: Uint8Array, int16: Int16Array, uint16: Uint16Array, int32: Int32Array, uint32: Uint32Array,
  int64: BigInt64Array, uint64: BigUint64Array, float32: Float32Array, float64: Float64Array,
};
const PAGE = 65536;
const UNIT = 8;
const SPARE = 8; // of which one part is kept free
const MAGIC = 0x01733862; // "b8s" and the number of the format

/** Return {head, arrays: {name: {kind, shape, data}}} of a file; the data are views on it. */
export function unpack(buffer) {
  const words = new Uint32Array(buffer, 0, 2);
  if (words[0] !== MAGIC) throw new Error("not a file of b8sim, or one of another version");
  const start = 8 + words[1];
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 8, words[1])));
  const arrays = {};
  for (const [name, [kind, shape, place]] of Object.entries(head.arrays)) {
    const size = shape.reduce((product, n) => product * n, 1);
    arrays[name] = { kind, shape, data: new KINDS[kind](buffer, start + place, size) };
  }
  delete head.arrays;
  return { head, arrays };
}

/** The linear memory of an engine, in which arrays lie one after the other. */
export class Memory {
  constructor(exports) {
    this.memory = exports.memory;
    this.first = this.free = up(Number(exports.__heap_base.value));
    this.places = new Map(); // of each array: where, how many bytes
  }

  /** Take space for an array, filled with zeros the first time; its old place is used again if it fits. */
  take(key, kind, shape) {
    const type = KINDS[kind];
    const size = shape.reduce((product, n) => product * n, 1);
    const least = up(Math.max(size, 1) * type.BYTES_PER_ELEMENT);
    let place = this.places.get(key);
    if (!place || place.bytes < least) {
      // A little more, since the next replicate has some networks or moves more, and a place that is left is lost.
      const bytes = up(least + least / SPARE);
      place = { at: this.free, bytes };
      this.free += bytes;
      this.places.set(key, place);
      const missing = this.free - this.memory.buffer.byteLength;
      if (missing > 0) this.memory.grow(Math.ceil(missing / PAGE));
    }
    return { kind, shape, at: place.at, size };
  }

  /** Return a view of an array; growing the memory ends it. */
  view({ kind, at, size }) {
    return new KINDS[kind](this.memory.buffer, at, size);
  }

  /** Write the struct of a tuple of arrays, in the order of its fields; return its address. */
  struct(key, fields, arrays) {
    const place = this.take(key, "int64", [3 * fields.length]);
    const words = this.view(place);
    fields.forEach(([name, kind], i) => {
      const array = arrays[name];
      if (!array || array.kind !== kind) throw new Error(`${name} is no array of ${kind}`);
      words[3 * i] = BigInt(array.at);
      words[3 * i + 1] = BigInt(array.shape[0]);
      words[3 * i + 2] = BigInt(array.shape[1] ?? 1);
    });
    return place.at;
  }
}

function up(bytes) {
  return Math.ceil(bytes / UNIT) * UNIT;
}
