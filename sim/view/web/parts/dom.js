// Elements by name, attributes and children; text is always text, never HTML.

const SVG = "http://www.w3.org/2000/svg";

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "value" && "value" in node) node.value = value;
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export const h = (name, attributes, ...children) => fill(document.createElement(name), attributes, children);

export const s = (name, attributes, ...children) => fill(document.createElementNS(SVG, name), attributes, children);

/** Return the size of a letter of the page in pixels. */
export const rootSize = () => parseFloat(getComputedStyle(document.documentElement).fontSize);

/** Return a control with its label, as one item of a row of controls. */
export const field = (label, control) => h("label", { class: "field" }, h("span", null, label), control);

/** Return a menu; `options` are {value, text}. */
export function menu(options, chosen, onchange, attributes) {
  const list = options.map(({ value, text }) => h("option", { value, selected: value === chosen }, text));
  return h("select", { ...attributes, onchange: (event) => onchange(event.target.value) }, list);
}
