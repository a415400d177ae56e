import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../sim/view/web/room/disagreement.js";
import { Words } from "../../sim/view/web/words.js";

const found = { answer: "yes", again: "yes", at: -3.25, change: -1.25, runs: 10 };
const say = (more, language = "en") => told(new Words(language), { ...found, ...more });

test("a disagreement that decides says where the answer turns, and the smallest change", () => {
  assert.match(say({}), /decides the answer\. It turns at \u22123\.25: the smallest change after which all agree is 1\.25 downwards\. Another draw of people says the same \(10 runs each\)/);
  assert.match(say({}, "nl"), /bepaalt het antwoord\. Het keert om bij \u22123,25: .* 1,25 omlaag/);
});

test("one that does not decide says how far off it would, or that it nowhere does", () => {
  assert.match(say({ answer: "no", again: "no", change: 2 }), /does not change the answer\. Beyond the positions it turns at \u22123\.25: 2\.00 upwards/);
  assert.match(say({ answer: "no", again: "unclear", at: null, change: null }), /nowhere in the plausible range\. Another draw of people does not say so/);
  assert.match(say({ answer: "unclear", at: null, change: null }), /^The runs cannot tell\. Another/);
});
