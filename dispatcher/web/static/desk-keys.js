// Shortcuts: Alt, Shift and a letter each, so that no single key does anything but show this list.
// The box switches off all of them; the browser keeps that choice, and nothing else.
const KEYS = [
  ["d", "on", "Disponible"],
  ["p", "rest", "Pause"],
  ["h", "off", "Hors ligne"],
  ["a", "accept", "Répondre ici (si votre navigateur sonne)"],
  ["n", "pass", "Passer l’appel à quelqu’un d’autre"],
  ["r", "hangup", "Raccrocher"],
  ["f", "finish", "J’ai fini, après un appel"],
  ["e", "extend", "Encore du temps, après un appel"],
];

const box = document.getElementById("shortcuts");
const list = document.getElementById("keys");

function fill() {
  const rows = [...KEYS.map(([key, , says]) => [`Alt + Maj + ${key.toUpperCase()}`, says]), ["?", "Cette liste"]];
  document.getElementById("keys-list").replaceChildren(...rows.flatMap(([key, says]) => {
    const term = document.createElement("dt");
    const what = document.createElement("dd");
    term.textContent = key;
    what.textContent = says;
    return [term, what];
  }));
}

function pressed(event) {
  if (!box.checked || event.ctrlKey || event.metaKey || list.open) return;
  if (event.target.matches("input:not([type=checkbox]), textarea, [contenteditable]")) return;
  if (event.key === "?" && !event.altKey) {
    event.preventDefault();
    return list.showModal();
  }
  if (!event.altKey || !event.shiftKey) return;
  const found = KEYS.find(([key]) => event.key.toLowerCase() === key)
    ?? KEYS.find(([key]) => !/^[a-z]$/i.test(event.key) && event.code === `Key${key.toUpperCase()}`);
  const button = found && document.querySelector(`[data-desk="${found[1]}"]:not([hidden], [disabled])`);
  if (!button) return;
  event.preventDefault();
  button.click();
}

export function listen() {
  box.checked = localStorage.getItem("desk.shortcuts") !== "off";
  box.addEventListener("change", () => localStorage.setItem("desk.shortcuts", box.checked ? "on" : "off"));
  document.getElementById("keys-open").addEventListener("click", () => list.showModal());
  document.addEventListener("keydown", pressed);
  fill();
}
