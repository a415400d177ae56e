// The state of the page in its link, checked against sim/view/state.schema.json: the other side is sim/view/state.py.

/** Return the part of a link from #; empty for a state that has nothing. */
export function printed(state, schema) {
  const parts = Object.keys(schema.properties)
    .filter((key) => !isAbsent(key, state[key]))
    .map((key) => `${key}=${written(state[key])}`);
  return parts.length ? `#${parts.join("&")}` : "";
}

const isAbsent = (key, value) =>
  value === undefined ||
  value === null ||
  (Array.isArray(value) && value.length === 0) ||
  (typeof value === "object" && Object.keys(value).length === 0) ||
  (key === "size" && value === 0);

function written(value) {
  if (Array.isArray(value)) return value.map(written).join(",");
  if (typeof value === "object") return Object.entries(value).map((pair) => pair.map(written).join(":")).join(",");
  return encodeURIComponent(String(value));
}

/** Return {state, mistakes} of a link; what the schema refuses is left out and named. */
export function parsed(link, schema) {
  const part = link.includes("#") ? link.slice(link.indexOf("#") + 1) : "";
  const state = {};
  const mistakes = [];
  if (new TextEncoder().encode(part).length > schema["x-bytes"]) return { state, mistakes: ["link"] };
  for (const one of part ? part.split("&") : []) {
    const at = one.indexOf("=");
    const key = one.slice(0, Math.max(at, 0));
    const rule = Object.hasOwn(schema.properties, key) ? schema.properties[key] : null;
    if (!rule || Object.hasOwn(state, key)) {
      mistakes.push(key || one.slice(0, 40));
      continue;
    }
    const value = read(one.slice(at + 1), rule);
    if (value !== undefined && accepts(value, rule)) state[key] = value;
    else mistakes.push(key);
  }
  return { state, mistakes };
}

function read(text, rule) {
  try {
    if (rule.type === "array") return text.split(",").map(decodeURIComponent);
    if (rule.type === "object") {
      const pairs = text.split(",").map((item) => {
        const at = item.indexOf(":");
        return [decodeURIComponent(item.slice(0, at)), decodeURIComponent(item.slice(at + 1))];
      });
      if (new Set(pairs.map(([name]) => name)).size < pairs.length) return undefined;
      const isNumber = rule.additionalProperties.type === "number";
      return Object.fromEntries(pairs.map(([name, value]) => [name, isNumber ? asNumber(value) : value]));
    }
    const value = decodeURIComponent(text);
    return rule.type === "integer" ? asNumber(value) : value;
  } catch {
    return undefined;
  }
}

const asNumber = (text) => (/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text) ? Number(text) : text);

/** Return whether a value fits the part of JSON Schema that the state uses. */
export function accepts(value, rule) {
  if (rule.enum) return rule.enum.includes(value);
  switch (rule.type) {
    case "string":
      return (
        typeof value === "string" &&
        [...value].length <= (rule.maxLength ?? Infinity) &&
        (!rule.pattern || new RegExp(rule.pattern, "u").test(value))
      );
    case "integer":
      return Number.isInteger(value) && value >= (rule.minimum ?? -Infinity) && value <= (rule.maximum ?? Infinity);
    case "number":
      return (
        typeof value === "number" &&
        Number.isFinite(value) &&
        value >= (rule.minimum ?? -Infinity) &&
        value <= (rule.maximum ?? Infinity)
      );
    case "array":
      return (
        Array.isArray(value) &&
        value.length >= (rule.minItems ?? 0) &&
        value.length <= (rule.maxItems ?? Infinity) &&
        (!rule.uniqueItems || new Set(value).size === value.length) &&
        value.every((item) => accepts(item, rule.items))
      );
    case "object": {
      if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
      const names = Object.keys(value);
      return (
        names.length <= (rule.maxProperties ?? Infinity) &&
        names.every((name) => accepts(name, { type: "string", ...rule.propertyNames })) &&
        names.every((name) => accepts(value[name], rule.additionalProperties))
      );
    }
    default:
      return false;
  }
}

/** The keys that decide what is simulated; the others decide what is seen. */
export const SIMULATED = ["regimes", "readings", "presets", "changes", "period", "size"];

/** Return one text for all states that simulate the same. */
export const simulated = (state) =>
  JSON.stringify(SIMULATED.map((key) => (isAbsent(key, state[key]) ? null : sorted(state[key]))));

const sorted = (value) =>
  value && typeof value === "object" && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

/** The states that were seen, for undo and redo; a view that only shows something else is no step. */
export class Past {
  constructor(state) {
    this.states = [state];
    this.at = 0;
  }

  get now() {
    return this.states[this.at];
  }

  add(state, isStep) {
    if (isStep) this.states = [...this.states.slice(0, this.at + 1), state].slice(-200);
    else this.states[this.at] = state;
    this.at = isStep ? this.states.length - 1 : this.at;
  }

  get canUndo() {
    return this.at > 0;
  }

  get canRedo() {
    return this.at < this.states.length - 1;
  }

  move(by) {
    this.at = Math.min(Math.max(this.at + by, 0), this.states.length - 1);
    return this.now;
  }
}
