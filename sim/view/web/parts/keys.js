// Keys of the whole page: p projector, l language, 0 reset, z undo, on a projector , and . for the figures; never in a field.

export function keys(app) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest?.("input, select, textarea, [contenteditable]")) return;
    const action = {
      p: () => app.toggleProjector(),
      l: () => app.set({ language: app.words.language === "en" ? "nl" : "en" }),
      0: () => app.set({ changes: {}, presets: [], readings: {} }),
      ",": () => app.projector && app.turn(-1),
      ".": () => app.projector && app.turn(1),
      z: () => app.travel(-1),
    }[event.key];
    if (action) action();
  });
}
