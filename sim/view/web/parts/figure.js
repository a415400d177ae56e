// A figure: title, drawing, note, the same as a table, and downloads that carry the receipt.

import { h } from "./dom.js";

const STYLE = `text{font-family:system-ui,"Liberation Sans",Arial,sans-serif;fill:#222}
.quiet{fill:#5a5a5a}.line0,.mark0{stroke:#333;fill:none}.line1,.mark1{stroke:#0072b2;fill:none}.line2{stroke:#b36b00;fill:none}
.line3{stroke:#a2457c;fill:none}.dash1{stroke-dasharray:7 3}.dash2{stroke-dasharray:3 3}.dash3{stroke-dasharray:9 3 2 3}
.rule{stroke:#d5d5d5;fill:none}.axis{stroke:#777;fill:none}.band{stroke:#0072b2;stroke-opacity:.3;fill:none}`;

/**
 * @param app the page
 * @param options {name, title, note, draw(node, width), table() -> {head, rows}, live}
 * @returns {node, update}
 */
export function figure(app, { name, title, note, draw, table }) {
  const { words } = app;
  const drawing = h("div", { class: "drawing" });
  const tableHolder = h("div", { class: "scroll table-view", hidden: true });
  const heading = h("h2", { id: `figure-${name}` });
  const caption = h("figcaption", { class: "small" });
  const asTable = h("button", { type: "button", class: "quiet-button", "aria-expanded": "false", onclick: showTable }, words.say("figure.table"));
  const buttons = ["svg", "png", "csv"].map((kind) =>
    h("button", { type: "button", class: "quiet-button", onclick: () => download(kind), "aria-label": words.say(`figure.${kind}.label`, { name: app.words.say(`figure.name.${name}`) }) }, kind.toUpperCase()),
  );
  const node = h(
    "figure",
    { class: `figure figure-${name}`, "aria-labelledby": `figure-${name}` },
    h("div", { class: "figure-head" }, heading, h("div", { class: "figure-tools" }, asTable, buttons)),
    drawing,
    tableHolder,
    caption,
  );

  function showTable() {
    tableHolder.hidden = !tableHolder.hidden;
    asTable.setAttribute("aria-expanded", String(!tableHolder.hidden));
    if (!tableHolder.hidden) tableHolder.replaceChildren(tableNode(table(), heading.textContent));
  }

  function update() {
    heading.textContent = title();
    caption.textContent = note ? note() : "";
    const width = drawing.clientWidth;
    if (width > 0) draw(drawing, width);
    if (!tableHolder.hidden) tableHolder.replaceChildren(tableNode(table(), heading.textContent));
  }

  async function download(kind) {
    const receipt = app.receiptLine();
    if (kind === "csv") return save(`b8sim-${name}.csv`, "text/csv", csvOf(table(), receipt));
    const svg = svgOf(drawing, heading.textContent, caption.textContent, receipt);
    if (kind === "svg") return save(`b8sim-${name}.svg`, "image/svg+xml", svg.text);
    return save(`b8sim-${name}.png`, "image/png", await pngOf(svg));
  }

  return { node, update };
}

export function tableNode({ head, rows }, caption = null) {
  return h(
    "table",
    { class: "numbers" },
    caption === null ? null : h("caption", null, caption),
    h("thead", null, h("tr", null, head.map((text) => h("th", { scope: "col" }, text)))),
    h("tbody", null, rows.map((row) => h("tr", null, row.map((cell, at) => (at ? h("td", null, cell) : h("th", { scope: "row" }, cell)))))),
  );
}

export function csvOf({ head, rows }, receipt) {
  const cell = (text) => {
    const plain = String(text?.textContent ?? text ?? "");
    const safe = /^[=+@\t\r]/.test(plain) ? `'${plain}` : plain;
    return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  const lines = [head, ...rows].map((row) => row.map(cell).join(","));
  return `\ufeff${lines.join("\r\n")}\r\n${cell(receipt)}\r\n`;
}

/** Return the drawing as one SVG file, with the dots of its canvas, its title and the receipt. */
export function svgOf(drawing, title, note, receipt) {
  const svg = drawing.querySelector("svg");
  const box = svg.getBoundingClientRect();
  const [width, height] = [Math.ceil(box.width), Math.ceil(box.height) + 84];
  const copy = svg.cloneNode(true);
  const originals = [...svg.querySelectorAll("text")];
  [...copy.querySelectorAll("text")].forEach((text, at) => text.setAttribute("font-size", getComputedStyle(originals[at]).fontSize));
  const dots = (drawing.dots ?? []).map(
    ({ x, y, r, fill, stroke }) => `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${r.toFixed(1)}" fill="${fill}"${stroke ? ` stroke="${stroke}"` : ""}/>`,
  );
  const inner = new XMLSerializer().serializeToString(copy).replace(/^<svg[^>]*>/, "").replace(/<\/svg>$/, "");
  const text = `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"><style>${STYLE}</style>
<rect width="100%" height="100%" fill="#fff"/><text x="8" y="26" font-size="18" font-weight="600">${escaped(title)}</text>
<g transform="translate(0 40)">${dots.join("")}${inner}</g>
<text class="quiet" x="8" y="${height - 26}" font-size="11">${escaped(note)}</text><text class="quiet" x="8" y="${height - 10}" font-size="11">${escaped(receipt)}</text></svg>
`;
  return { text, width, height };
}

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

async function pngOf({ text, width, height }) {
  const image = new Image();
  const url = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  await new Promise((resolve, reject) => Object.assign(image, { onload: resolve, onerror: reject, src: url }));
  const canvas = h("canvas", { width: width * 2, height: height * 2 });
  const context = canvas.getContext("2d");
  context.scale(2, 2);
  context.drawImage(image, 0, 0);
  URL.revokeObjectURL(url);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

export function save(name, type, content) {
  const url = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  h("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}
