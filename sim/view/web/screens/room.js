// The room: a question on the table, hidden answers, the reveal beside what the model says, and where people disagree.

import { h } from "../parts/dom.js";
import { figure } from "../parts/figure.js";
import { CHOICES } from "../draw/votes.js";
import { disagreement } from "../room/disagreement.js";
import { Line } from "../room/line.js";
import { papers } from "../room/papers.js";
import { drawVotes, modelWords, votesTable } from "../room/revealed.js";

const SECONDS = 60;

export const room = {
  name: "room",
  exists(app) {
    if (document.getElementById("core")) return false; // a page that nobody serves has no room
    app.room ??= new Line(app);
    return true;
  },
  mount(root, app) {
    const { words, room: line } = app;
    const problem = h("p", { class: "notice", role: "alert", hidden: true });
    let refused = null;
    const attempt = (work) => async (event) => {
      event?.preventDefault?.();
      try {
        refused = null;
        await work(event);
      } catch (error) {
        refused = error.message;
      }
      say();
    };
    const say = () => {
      const said = refused ?? line.problem;
      problem.hidden = !said;
      problem.textContent = said ? words.say("room.refused", { problem: said }) : "";
    };
    const onTable = table(app, attempt);
    const parts = [contentNote(app), entrance(app, attempt), host(app), onTable, disagreement(app, attempt), deck(app, attempt), papers(app, attempt)];
    root.append(h("h1", { class: "visually-hidden" }, words.say("screen.room")), problem, ...parts.map((part) => part.node));
    const update = () => {
      say();
      for (const part of parts) part.update();
    };
    const stop = line.listen(() => (root.isConnected ? update() : stop()));
    const tick = setInterval(() => (root.isConnected ? onTable.tick() : clearInterval(tick)), 500);
    const keys = (event) => {
      if (!root.isConnected) return document.removeEventListener("keydown", keys);
      if (!line.isHost || event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.("input, select, textarea, button, a, summary")) return;
      const at = line.cards.findIndex((card) => card.name === line.card?.name);
      const action = {
        ArrowRight: () => line.cards[at + 1] && open(line, line.cards[at + 1].name),
        " ": () => line.seen?.table && !line.seen.table.revealed && line.tell("card", { reveal: line.seen.table.round }),
        r: () => line.card && open(line, line.card.name),
      }[event.key];
      if (action) {
        event.preventDefault();
        attempt(action)();
      }
    };
    document.addEventListener("keydown", keys);
    return update;
  },
};

const open = (line, name) => line.tell("card", { open: name, seconds: SECONDS });

// ---- before the room ----

function contentNote(app) {
  const { words } = app;
  const node = h(
    "section",
    { class: "content-note" },
    h("p", { class: "sentence" }, words.say("room.content_note")),
    h("button", { type: "button", id: "note-read", onclick: () => { app.room.read(); } }, words.say("room.content_note.read")),
  );
  return { node, update: () => { node.hidden = app.room.isRead; } };
}

function entrance(app, attempt) {
  const { words, room: line } = app;
  const code = h("input", { id: "room-code", inputmode: "numeric", autocomplete: "off", maxlength: 6, pattern: "[0-9]{6}", required: true });
  const form = h(
    "form",
    { class: "row", onsubmit: attempt(() => line.join(code.value.trim())) },
    h("label", { class: "field" }, h("span", null, words.say("room.join.code")), code),
    h("button", { type: "submit", id: "room-join" }, words.say("room.join")),
  );
  const joining = h("section", null, h("h2", null, words.say("room.join.title")), form, h("p", { class: "small" }, words.say("room.join.note")));
  const colour = h("span", { class: "member-colour", "aria-hidden": "true" });
  const me = h("strong");
  const follow = h("input", { type: "checkbox", id: "room-follow", checked: true, onchange: (event) => { line.following = event.target.checked; if (line.seen) line.follow(); } });
  const inside = h(
    "section",
    { class: "row" },
    colour,
    me,
    h("label", { class: "check" }, follow, " ", words.say("room.follow")),
    h("button", { type: "button", id: "room-leave", onclick: attempt(() => line.leave()) }, words.say("room.leave")),
  );
  const node = h("div", null, joining, inside);
  return {
    node,
    update() {
      node.hidden = !line.isRead || line.isHost;
      joining.hidden = line.me !== null;
      inside.hidden = line.me === null;
      if (line.me) {
        me.textContent = words.say("room.me", { number: line.me.colour });
        colour.className = `member-colour c${(line.me.colour - 1) % 7} shape${Math.floor((line.me.colour - 1) / 7)}`;
      }
    },
  };
}

// ---- the host ----

function host(app) {
  const { words, room: line } = app;
  const share = h("p", { class: "row share" });
  const members = h("span", { class: "small" });
  const leading = h("input", { type: "checkbox", id: "room-lead", onchange: (event) => line.lead(event.target.checked) });
  const node = h("section", { class: "host" }, h("div", { class: "row" }, share, members, h("label", { class: "check" }, leading, " ", words.say("room.lead"))));
  return {
    node,
    update() {
      node.hidden = !line.isRead || !line.isHost;
      if (node.hidden) return;
      const [address] = line.info.addresses;
      share.replaceChildren(
        ...(address
          ? [words.say("room.share.address", { address }), " ", h("strong", { class: "code" }, line.info.code)]
          : [words.say("room.share.none")]),
      );
      members.textContent = words.say("room.members", { count: line.seen?.members ?? 0, most: line.seen?.most ?? 0 });
      leading.checked = line.leading;
    },
  };
}

function deck(app, attempt) {
  const { words, room: line } = app;
  const cards = h("ol", { class: "deck" });
  const node = h("section", { class: "host" }, h("h2", null, words.say("room.cards")), cards, h("p", { class: "small" }, words.say("room.keys")));
  return {
    node,
    update() {
      node.hidden = !line.isRead || !line.isHost;
      if (node.hidden) return;
      const focused = document.activeElement?.id;
      cards.replaceChildren(
        ...line.cards.map((card) =>
          h(
            "li",
            { "aria-current": card.name === line.card?.name ? "true" : null },
            h("span", null, words.title(card.question)),
            " ",
            h("button", { type: "button", id: `open-${card.name}`, onclick: attempt(() => open(line, card.name)) }, words.say("room.open")),
          ),
        ),
      );
      if (focused?.startsWith("open-")) document.getElementById(focused)?.focus();
    },
  };
}

// ---- the table ----

function table(app, attempt) {
  const { words, room: line } = app;
  const place = h("p", { class: "small" });
  const question = h("p", { class: "question" });
  const clock = h("strong", { class: "clock" });
  const answered = h("strong", { class: "answered" });
  const hidden = h("span", { class: "small" });
  const answer = vote(app, attempt);
  const raised = hands(app, attempt);
  const reveal = h("button", { type: "button", id: "room-reveal", onclick: attempt(() => line.tell("card", { reveal: line.seen.table.round })) }, words.say("room.reveal"));
  const next = h("button", { type: "button", id: "room-next", onclick: attempt(() => open(line, line.cards[at() + 1].name)) }, words.say("room.next"));
  const clear = h("button", { type: "button", id: "room-clear", onclick: attempt(() => line.tell("card", { clear: true })) }, words.say("room.clear"));
  const show = h("button", { type: "button", onclick: () => app.set({ changes: {}, presets: [], readings: {}, ...line.card.state, screen: "compare" }) }, words.say("room.show_state"));
  const votes = figure(app, {
    name: "votes",
    title: () => words.say("room.votes.title"),
    note: () => (line.seen?.table?.few ? words.say("room.few") : words.say("room.votes.note")),
    draw: (holder, width) => drawVotes(holder, width, app),
    table: () => votesTable(app),
  });
  const model = h("div", { class: "model" });
  const waiting = h("p", { class: "lead" }, words.say("room.waiting"));
  const asked = h(
    "div",
    null,
    place,
    question,
    h("p", { class: "row", role: "status" }, clock, answered, hidden),
    answer.node,
    raised.node,
    h("p", { class: "row host-keys" }, reveal, next, clear, show),
  );
  const result = h("div", { class: "columns" }, votes.node, model);
  const node = h("section", { class: "table" }, waiting, asked, result);
  const at = () => line.cards.findIndex((card) => card.name === line.card?.name);
  const tick = () => {
    const left = line.seconds;
    const revealed = line.seen?.table?.revealed;
    clock.hidden = left === null || Boolean(revealed);
    clock.textContent = clock.hidden ? "" : words.say("room.seconds", { seconds: left });
  };
  return {
    node,
    tick,
    update() {
      node.hidden = !line.isRead || !line.isIn;
      const now = line.seen?.table ?? null;
      const card = line.card;
      waiting.hidden = now !== null || line.isHost;
      asked.hidden = now === null || card === null;
      result.hidden = asked.hidden || !now.revealed;
      if (asked.hidden) return;
      place.textContent = words.say("room.card", { at: at() + 1, of: line.cards.length });
      question.textContent = words.title(card.question);
      answered.textContent = words.say("room.answered", { count: now.answered });
      hidden.textContent = now.revealed ? "" : words.say("room.hidden");
      reveal.hidden = !line.isHost || now.revealed;
      next.hidden = !line.isHost || at() + 1 >= line.cards.length;
      clear.hidden = !line.isHost;
      show.hidden = !line.isHost || !now.revealed;
      answer.update(now, card);
      raised.update(now, card);
      tick();
      if (!result.hidden) {
        votes.update();
        model.replaceChildren(...modelWords(app, card, now.model));
      }
    },
  };
}

function vote(app, attempt) {
  const { words, room: line } = app;
  const buttons = CHOICES.map((choice) => h("button", { type: "button", id: `vote-${choice}`, class: "choice", onclick: attempt(() => send(choice)) }));
  const amount = h("input", { type: "number", id: "vote-amount", step: "any", min: -1000, max: 1000 });
  const said = h("p", { class: "small", role: "status" });
  const extra = h("div", { class: "row" }, h("label", { class: "field" }, h("span", null, words.say("room.amount")), amount), h("button", { type: "button", id: "vote-send", onclick: attempt(() => send(line.vote?.choice)) }, words.say("room.send")));
  const node = h("div", { class: "vote", role: "group", "aria-label": words.say("room.answer") }, h("div", { class: "row" }, buttons), extra, said);
  let round = null;
  async function send(choice) {
    const number = amount.value === "" ? null : Number(amount.value);
    await line.tell("vote", { round: line.seen.table.round, choice, amount: number });
    line.vote = { choice, amount: number };
    line.changed();
  }
  return {
    node,
    update(now, card) {
      node.hidden = line.me === null || now.revealed;
      if (round !== now.round) {
        round = now.round;
        amount.value = "";
        if (line.me?.vote) line.vote = line.me.vote;
        if (line.me) line.me.vote = null;
      }
      CHOICES.forEach((choice, k) => {
        buttons[k].textContent = card.words[words.language][choice];
        buttons[k].setAttribute("aria-pressed", String(line.vote?.choice === choice));
      });
      extra.hidden = !line.vote || !countsPeople(app, card);
      said.textContent = line.vote ? words.say("room.answered.own", { choice: card.words[words.language][line.vote.choice] }) : "";
    },
  };
}

const countsPeople = (app, card) => app.result.measure(card.measure)?.unit === "persons";

function hands(app, attempt) {
  const { words, room: line } = app;
  const labels = CHOICES.map(() => h("span"));
  const inputs = CHOICES.map((choice) => h("input", { type: "number", id: `hands-${choice}`, min: 0, max: 1000, value: 0 }));
  const node = h(
    "form",
    { class: "row hands", "aria-label": words.say("room.hands"), onsubmit: attempt(() => line.tell("hands", { round: line.seen.table.round, counts: inputs.map((input) => Number(input.value) || 0) })) },
    h("strong", null, words.say("room.hands")),
    inputs.map((input, k) => h("label", { class: "field" }, labels[k], input)),
    h("button", { type: "submit", id: "hands-send" }, words.say("room.hands.send")),
  );
  let round = null;
  return {
    node,
    update(now, card) {
      node.hidden = !line.isHost || now.revealed;
      CHOICES.forEach((choice, k) => { labels[k].textContent = card.words[words.language][choice]; });
      if (round !== now.round) {
        round = now.round;
        for (const input of inputs) input.value = 0;
      }
    },
  };
}
