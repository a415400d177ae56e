// The line to the room: who this page is in it, what everybody may see now, and what it tells the room.

const HOST = "b8sim.host";
const JOINED = "b8sim.joined";
const NOTE_READ = "b8sim.note";

/** Take the token of the host out of the link, wherever it is in it; return whether there was one. */
export function takeHost() {
  const parts = location.hash.slice(1).split("&");
  const token = parts.find((part) => part.startsWith("host="));
  if (!token) return false;
  sessionStorage.setItem(HOST, token.slice("host=".length));
  const rest = parts.filter((part) => part !== token).join("&");
  history.replaceState(null, "", rest ? `#${rest}` : location.pathname + location.search);
  return true;
}

// Before anything else reads the link that b8sim view opens.
if (typeof location !== "undefined") takeHost();

export class Refusal extends Error {
  constructor(problems) {
    super(problems.map((one) => one.problem).join("; "));
    this.problems = problems;
  }
}

export class Line {
  constructor(app) {
    this.app = app;
    this.host = sessionStorage.getItem(HOST);
    this.me = null;
    this.seen = null;
    this.cards = [];
    this.following = true;
    this.leading = false;
    this.problem = null;
    this.listeners = new Set();
    const changed = app.changed.bind(app);
    app.changed = (before) => {
      changed(before);
      this.moved();
    };
    this.start();
  }

  get isHost() {
    return this.host !== null && this.info !== undefined;
  }

  get isIn() {
    return this.isHost || this.me !== null;
  }

  /** Whether the content note has been read on this page. */
  get isRead() {
    return sessionStorage.getItem(NOTE_READ) === "1";
  }

  read() {
    sessionStorage.setItem(NOTE_READ, "1");
    this.changed();
  }

  async start() {
    try {
      this.cards = (await this.get("room/cards")).cards;
      if (this.host !== null) {
        this.info = await this.tell("host", {});
        this.watch();
      } else if (sessionStorage.getItem(JOINED)) {
        await this.join("");
      }
    } catch (error) {
      if (this.host !== null) {
        sessionStorage.removeItem(HOST);
        this.host = null;
      }
      sessionStorage.removeItem(JOINED);
      this.problem = error instanceof Refusal ? null : error.message;
    }
    this.changed();
  }

  async join(code) {
    const first = this.me === null;
    this.me = await this.tell("join", { code });
    sessionStorage.setItem(JOINED, "1");
    if (first && this.me.state) this.app.set(this.me.state);
    if (first) this.moved();
    this.watch();
    this.changed();
  }

  /** Ask to be let in again after the room closed the line; out only if the room says so, not when the page closes. */
  async again() {
    try {
      await this.join("");
    } catch (error) {
      if (error instanceof Refusal) this.gone();
    }
  }

  async leave() {
    await this.tell("leave", {});
    this.gone();
  }

  gone() {
    sessionStorage.removeItem(JOINED);
    this.source?.close();
    this.me = null;
    this.seen = null;
    this.changed();
  }

  watch() {
    this.source?.close();
    this.source = new EventSource("room/events");
    this.source.addEventListener("room", (event) => this.hear(JSON.parse(event.data)));
    this.source.addEventListener("gone", () => this.gone());
    this.source.onerror = () => (this.source.readyState === EventSource.CLOSED && this.me ? this.again() : this.changed());
  }

  hear(snapshot) {
    if (this.seen?.table?.round !== snapshot.table?.round) this.vote = null;
    this.seen = snapshot;
    this.heard = Date.now();
    this.follow();
    this.changed();
  }

  /** Go where the host is, once for each place the host goes to. */
  follow() {
    const { follow } = this.seen;
    const place = this.me && this.following && follow ? JSON.stringify(follow) : null;
    if (place === this.followed) return;
    this.followed = place;
    if (place === null) return;
    const { language, ...state } = follow;
    const empty = Object.fromEntries(Object.keys(this.app.state).map((key) => [key, undefined]));
    this.app.set({ ...empty, ...state, language: this.app.state.language });
  }

  /** Tell the room where this page is: a member's position, or what everybody follows. Only the newest, at most five a second. */
  moved() {
    if (!this.isIn || (this.isHost && !this.leading)) return;
    if (this.me && this.following && this.seen?.follow) return; // where the host is says nothing of where a member stands
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tried("state", { state: this.app.state }), 200);
  }

  lead(on) {
    clearTimeout(this.timer); // a place that is still on its way would have everybody follow again
    this.leading = on;
    if (on) this.moved();
    else this.tried("state", { state: null });
    this.changed();
  }

  /** Tell the room something that nobody pressed a button for; why it failed is shown. */
  async tried(what, content) {
    try {
      await this.tell(what, content);
      this.problem = null;
    } catch (error) {
      this.problem = error.message;
    }
    this.changed();
  }

  /** Seconds that are left to answer; null without a limit. */
  get seconds() {
    const left = this.seen?.table?.seconds;
    return left === null || left === undefined ? null : Math.max(0, Math.round(left - (Date.now() - this.heard) / 1000));
  }

  get card() {
    return this.cards.find((card) => card.name === this.seen?.table?.card) ?? null;
  }

  async get(path) {
    return this.answer(await fetch(path));
  }

  async tell(what, content) {
    const headers = { "content-type": "application/json" };
    if (this.host !== null) headers["x-b8sim-host"] = this.host;
    return this.answer(await fetch(`room/${what}`, { method: "POST", headers, body: JSON.stringify(content) }));
  }

  async answer(response) {
    const content = await response.json();
    if (!response.ok) throw new Refusal(content.refusal);
    return content;
  }

  listen(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  changed() {
    for (const listener of this.listeners) listener();
  }
}
