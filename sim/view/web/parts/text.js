// Text in a drawing: lines that fit a width, by the width of the letters on this screen.

import { s } from "./dom.js";

let pen = null;

/** Return the width of a text in pixels, at a size in pixels. */
export function widthOf(text, pixels, weight = 400) {
  pen ??= document.createElement("canvas").getContext("2d");
  pen.font = `${weight} ${pixels}px ${getComputedStyle(document.getElementById("app")).fontFamily}`;
  return pen.measureText(text).width;
}

/** Return a text in lines no wider than a width; the last of `most` lines ends in an ellipsis where it must. */
export function fitted(text, wide, pixels, most = 2) {
  const lines = [""];
  for (const word of text.split(" ")) {
    const longer = lines.at(-1) ? `${lines.at(-1)} ${word}` : word;
    if (lines.at(-1) && widthOf(longer, pixels) > wide) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  const kept = lines.slice(0, most);
  const rest = lines.length > most;
  kept.forEach((line, at) => {
    const last = rest && at === most - 1;
    if (!last && widthOf(line, pixels) <= wide) return;
    let short = line;
    while (short.length > 1 && widthOf(`${short}…`, pixels) > wide) short = short.slice(0, -1);
    kept[at] = `${short.trimEnd()}…`;
  });
  return kept;
}

/** Return lines of text around a middle height, with the whole text as a tip. */
export function block(lines, { x, middle, em, anchor = "start", name = "row-title", tip = null }) {
  const first = middle - (lines.length - 1) * 0.58 * em + 0.33 * em;
  return lines.map((line, at) =>
    s("text", { x, y: first + at * 1.16 * em, "text-anchor": anchor, class: name }, line, at === 0 && tip ? s("title", null, tip) : null),
  );
}
