import assert from "node:assert/strict";
import { test } from "node:test";
import { compared } from "../../sim/view/web/draw/wording.js";

const said = (runs) => runs.map(([text]) => text).join("");
const only = (runs) => runs.filter(([, kept]) => !kept).map(([text]) => text.trim());

test("each text stays as it is, and what only one of them has is marked", () => {
  const [old, fresh] = ["1. Decision on the permit", "1. if with a claim: Is the person needed?; 2. otherwise: Decision on the permit"];
  const [before, after] = compared(old, fresh);
  assert.equal(said(before), old);
  assert.equal(said(after), fresh);
  assert.deepEqual(only(before), []);
  assert.deepEqual(only(after), ["if with a claim: Is the person needed?; 2. otherwise:"]);
  assert.deepEqual(only(compared("not (the period runs): go", "not (the period runs) and detained: go")[0]), ["runs):"]);
});

test("a text that is new, or went, has nothing to be held against", () => {
  assert.deepEqual(compared("", "new"), [[["", true]], [["new", true]]]);
});
