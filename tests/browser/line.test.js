import assert from "node:assert/strict";
import { test } from "node:test";

const kept = new Map();
globalThis.sessionStorage = { getItem: (name) => kept.get(name) ?? null, setItem: (name, value) => kept.set(name, value) };
globalThis.location = { hash: "#screen=room&host=abc&language=nl", pathname: "/", search: "" };
globalThis.history = { replaceState: (_, __, link) => { location.hash = link.startsWith("#") ? link : ""; } };

test("the token of the host is taken out of the link, wherever it is in it", async () => {
  const { takeHost } = await import("../../sim/view/web/room/line.js");
  assert.equal(kept.get("b8sim.host"), "abc", "when the page opens");
  assert.equal(location.hash, "#screen=room&language=nl");
  assert.equal(takeHost(), false);
  location.hash = "#host=def";
  assert.equal(takeHost(), true);
  assert.equal(kept.get("b8sim.host"), "def");
  assert.equal(location.hash, "");
});
