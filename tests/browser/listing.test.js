import assert from "node:assert/strict";
import { test } from "node:test";
import { namesOf } from "../../sim/view/web/engine/listing.js";

test("names are numbered within their block, and lie one after the other", () => {
  const { text, first } = namesOf(["NGA-2019-03-", "NGA-2019-03-H", "UGA-2019-03-"], [2, 0, 1]);
  assert.equal(new TextDecoder().decode(text), "NGA-2019-03-0001NGA-2019-03-0002UGA-2019-03-0001");
  assert.deepEqual([...first], [0, 16, 32, 48]);
});

test("a block of more than 9,999 has longer numbers", () => {
  const { text, first } = namesOf(["x"], [10000]);
  assert.ok(new TextDecoder().decode(text).endsWith("x9999x10000"));
  assert.equal(first.at(-1) - first.at(-2), 6);
});
