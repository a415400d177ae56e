// Text in a drawing: lines that fit a width, by the width of the letters on this screen.

import { s } from "./dom.js";

let pen = null;

/** Return the width of a text in pixels, at a size in pixels. */
export function widthOf(text, pixels, weight = 400) {
  pen ??= document.createElement("canvas").getContext("2d");
  pen.font = `${weight} ${pixels}px ${getComputedStyle(document.getElementById("app")).fontFamily}`;
  return pen.measureText(text).width;
}

/** Where a word may be broken. */
const SOFT = "\u00ad";

/** Break the last word of the last line at a soft hyphen, as late as fits. */
function broken(word, lines, fits) {
  const start = lines.at(-1).slice(0, -word.replaceAll(SOFT, "").length);
  const parts = word.split(SOFT);
  for (let at = parts.length - 1; at > 0; at -= 1) {
    const line = `${start}${parts.slice(0, at).join("")}-`;
    if (!fits(line)) continue;
    lines[lines.length - 1] = line;
    lines.push(parts.slice(at).join(""));
    return;
  }
}

/** Return a text in lines no wider than a width; the last of `most` lines ends in an ellipsis where it must. */
export function fitted(text, wide, pixels, most = 2) {
  const lines = [""];
  const fits = (line) => widthOf(line, pixels) <= wide;
  for (const word of text.split(" ")) {
    const whole = word.replaceAll(SOFT, "");
    if (!lines.at(-1)) lines[lines.length - 1] = whole;
    else if (fits(`${lines.at(-1)} ${whole}`)) lines[lines.length - 1] += ` ${whole}`;
    else lines.push(whole);
    if (!fits(lines.at(-1)) && word.includes(SOFT)) broken(word, lines, fits);
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
