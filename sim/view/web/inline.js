// What a report has inside it where a served page asks its server: elements of script by their id.

const element = (name) => document.getElementById(name);

/** Return whether the page is a file that holds its data. */
export const isFile = () => element("core") !== null;

/** Return the JSON of an element, or of an address where there is none. */
export async function json(name, address) {
  const held = element(name);
  if (held?.type === "application/gzip") return JSON.parse(new TextDecoder().decode(await bytes(name)));
  if (held) return JSON.parse(held.textContent);
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return response.json();
}

/** Return what the engine of this browser is opened with; null where the file holds none. */
export async function engine() {
  if (!element("engine")) return null;
  const [module, data] = await Promise.all(["engine", "engine-data"].map(bytes));
  return { engine: module, data, start: worker };
}

/** Start a worker: a file can start a script of its own, no module, and that imports the module by an address with its content. */
function worker() {
  const script = `const early = [];
    self.onmessage = (event) => early.push(event);
    import(${JSON.stringify(element("engine-worker").textContent)}).then(() => early.forEach((event) => self.onmessage(event)));`;
  return new Worker(URL.createObjectURL(new Blob([script], { type: "text/javascript" })));
}

async function bytes(name) {
  const packed = unpacked(element(name).textContent.trim());
  return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
}

/** Return the bytes of a text in base64; a plain loop, for it is in the way of the first picture. */
function unpacked(text) {
  const characters = atob(text);
  const found = new Uint8Array(characters.length);
  for (let at = 0; at < found.length; at += 1) found[at] = characters.charCodeAt(at);
  return found;
}
