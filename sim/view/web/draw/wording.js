// What a new wording has that the old one has not and the reverse, word by word, along the longest that both share.

const LONGEST = 400; // words; of longer texts every word counts as changed

/** Return the words of two texts as [[text, kept]] for each: runs of words that both have, and of words that one has. */
export function compared(old, fresh) {
  const [before, after] = [old, fresh].map((text) => text.split(/(?<= )/));
  if (!old || !fresh || before.length > LONGEST || after.length > LONGEST) return [[[old, true]], [[fresh, true]]];
  const shared = lengths(before, after);
  const kept = [new Set(), new Set()];
  for (let i = 0, j = 0; i < before.length && j < after.length; ) {
    if (same(before[i], after[j])) {
      kept[0].add(i);
      kept[1].add(j);
      i += 1;
      j += 1;
    } else if (shared[i + 1][j] >= shared[i][j + 1]) i += 1;
    else j += 1;
  }
  return [before, after].map((words, side) => runs(words, kept[side]));
}

const same = (a, b) => a.trim() === b.trim();

/** Return for each pair of ends the number of words that the rests share. */
function lengths(before, after) {
  const found = Array.from({ length: before.length + 1 }, () => new Uint16Array(after.length + 1));
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      found[i][j] = same(before[i], after[j]) ? found[i + 1][j + 1] + 1 : Math.max(found[i + 1][j], found[i][j + 1]);
    }
  }
  return found;
}

function runs(words, kept) {
  const out = [];
  words.forEach((word, at) => {
    const is = kept.has(at);
    if (out.at(-1)?.[1] === is) out.at(-1)[0] += word;
    else out.push([word, is]);
  });
  return out;
}
