// An agent's desk: shows what the server says of it, and sends what is pressed. Without this script
// every form works; with it the page keeps itself fresh, rings, and has shortcuts.
//
// For other scripts of this page (a softphone, transfers):
//
//   document, "desk:state"  after every look, also when nothing changed: detail is the snapshot of
//                           /agent/desk.json ({state, until, offer, notes, parts}). The sections #card,
//                           #state, #callbacks and #today may just have been written anew: whoever
//                           shows or hides a button in them does so again here.
//   document, "desk:offer"  somebody is offered: detail is the snapshot's offer ({id, commune, need,
//                           talking, callback, said}). Once for each.
//   document, "desk:gone"   that offer is no longer here, or its conversation is over: detail {id}.
//   document, "desk:lost", "desk:found"  the server does not answer, and does again.
//   document, "desk:on"     the agent pressed Disponible: sound may be unlocked here.
//
//   [data-desk=accept]  hidden button of the card; a softphone shows it and answers by it.
//   [data-desk=hold], [data-desk=resume], [data-desk=complete], [data-desk=cancel],
//   [data-desk=leave]   buttons of a conversation, as it stands; [data-desk=transfer] the link to
//                       the page on which it is passed on.
//   [data-desk=pass], [data-desk=hangup], [data-desk=on], [data-desk=rest], [data-desk=off],
//   [data-desk=finish], [data-desk=extend]  buttons of forms: pressing one posts its form.
//
//   document, "desk:flush"  the report that is written is about to give way to another.
//
//   document, "desk:written"  a section was just written anew, and what had the focus is looked for.
//
//   desk.look() asks the server at once; desk.say(what) shows what was done, as #news;
//   desk.refocus() gives the focus back that a closed dialog lost. Nothing of a person is kept in this browser.
import { listen as listenForAlerts } from "./desk-alerts.js";
import { listen as listenInside } from "./desk-inside.js";
import { listen as listenForKeys } from "./desk-keys.js";

const PATIENCE = 5000;
const POLL = 2000; // without a stream
const CALM = 15000; // with one: it wakes us, and this is in case it did not
const AGAIN = 15000; // until a stream is tried again

const main = document.getElementById("desk");
const part = (name) => document.getElementById(name);
const token = () => document.querySelector("input[name=jeton]").value;
const told = (name, detail) => document.dispatchEvent(new CustomEvent(`desk:${name}`, { detail }));

let mark = ""; // the etag of what is shown
let shown = null;
let offer = null;
let ahead = Number(main.dataset.now) - Date.now(); // how much the server's clock is ahead of ours
let lost = false;
let over = false;
let stream = null;
let timer = 0;
let looking = null;
let again = false;
let focused = null; // what had the focus last: what is hidden or disabled loses it

// One look at a time: whoever asks meanwhile has another one made after it, and waits for that.
export function look() {
  if (over) return Promise.resolve();
  if (looking) {
    again = true;
    return looking.then(() => looking);
  }
  clearTimeout(timer);
  looking = ask(main.dataset.from, {}).finally(() => {
    looking = null;
    if (again) {
      again = false;
      look();
    } else if (!over) {
      timer = setTimeout(look, stream && !lost ? CALM : POLL);
    }
  });
  return looking;
}

async function ask(url, how) {
  const headers = { Accept: "application/json", ...(how.body || !mark ? {} : { "If-None-Match": mark }) };
  try {
    const answer = await fetch(url, { ...how, headers, signal: AbortSignal.timeout(PATIENCE) });
    if ([401, 403, 404].includes(answer.status)) return end();
    if (!answer.ok && answer.status !== 304) throw new Error(answer.status);
    const now = answer.headers.get("X-Now");
    if (now) ahead = Number(now) - Date.now();
    if (answer.status !== 304) {
      const snapshot = await answer.json();
      mark = how.body ? "" : answer.headers.get("ETag") || "";
      show(snapshot);
    }
    find();
    if (shown) told("state", shown);
  } catch {
    lose();
  }
}

function show(snapshot) {
  const before = shown ?? { parts: {}, state: snapshot.state };
  shown = snapshot;
  for (const [name, html] of Object.entries(snapshot.parts)) {
    if (before.parts[name] !== html) write(part(name), html);
  }
  const left = !snapshot.offer && focusIn(part("card"));
  part("card").hidden = !snapshot.offer;
  if (left) focusable(part("state")).focus();
  const moved = before.parts.card !== undefined && before.parts.card !== snapshot.parts.card;
  if (snapshot.news || moved || before.state !== snapshot.state) say(snapshot.news);
  count();
  follow(snapshot.offer);
}

// What was done, or why it was not; it stands until something else is true.
function say(what) {
  part("news").textContent = what;
}

// What has the focus keeps it, if it is still there; and what is open stays so.
function write(section, html) {
  const held = focusIn(section);
  const name = held && (held.dataset.desk || held.dataset.digit || held.id);
  const chosen = section.querySelector("select")?.value;
  const open = Array.from(section.querySelectorAll("details[open]"), ({ id }) => id);
  section.innerHTML = html;
  const select = section.querySelector("select");
  if (select && chosen) select.value = chosen;
  for (const id of open) section.querySelector(`details[id="${id}"]`)?.setAttribute("open", "");
  if (!held) return;
  told("written", {}); // what is hidden until then is shown now, and may have the focus
  const same = name && section.querySelector(`[data-desk="${name}"], [data-digit="${name}"], [id="${name}"]`);
  same?.focus();
  if (!same || document.activeElement !== same) focusable(section).focus();
}

// Whoever is in a dialog comes back to what they left, even if it was written anew meanwhile.
function refocus() {
  if (document.activeElement !== document.body) return;
  focusable(part(part("card").hidden ? "state" : "card")).focus();
}

// What has the focus in this section; or had it, and lost it only by being hidden there.
function focusIn(section) {
  const now = document.activeElement;
  if (section.contains(now)) return now;
  const hidden = focused && section.contains(focused) && !focused.checkVisibility();
  return hidden && (!now || now === document.body) ? focused : null;
}

function focusable(section) {
  section.tabIndex = -1;
  return section;
}

function follow(now) {
  if (offer && now?.id !== offer.id) told("gone", { id: offer.id });
  const fresh = now && now.id !== offer?.id;
  const taken = now && offer?.id === now.id && now.talking && !offer.talking;
  offer = now;
  if (fresh) {
    part("alert").textContent = now.said;
    if (!now.talking) told("offer", now);
  } else if (taken || !now) {
    part("alert").textContent = "";
  }
}

// Seconds pass here, not in what is read aloud.
function count() {
  for (const place of document.querySelectorAll(".countdown")) {
    const left = Math.max(0, Math.floor((Number(place.dataset.until) - Date.now() - ahead) / 1000));
    const says = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    if (place.textContent !== says) place.textContent = says;
    if (left === 0 && !place.dataset.done) {
      place.dataset.done = "1";
      setTimeout(look, 500);
    }
  }
}

function lose() {
  if (lost || over) return;
  lost = true;
  tell("lost");
  told("lost", {});
}

function find() {
  if (!lost) return;
  lost = false;
  part("lost").hidden = true;
  main.classList.remove("stale");
  say("");
  told("found", {});
}

// Signed out elsewhere, or not an agent any more: nothing here is true from now on.
function end() {
  over = true;
  stream?.close();
  stream = null;
  tell("over");
  part("again").hidden = false;
  for (const button of main.querySelectorAll("section button")) button.disabled = true;
  document.title = "Déconnecté · Mon poste";
  if (offer) told("gone", { id: offer.id });
}

function tell(what) {
  part("lost").textContent = main.querySelector("#lost").dataset[what];
  part("lost").hidden = false;
  main.classList.add("stale");
}

async function listen() {
  if (over || stream) return;
  let opened = null;
  try {
    const body = new URLSearchParams({ jeton: token() });
    const answer = await fetch(main.dataset.stream, { method: "POST", body, signal: AbortSignal.timeout(PATIENCE) });
    if ([401, 403, 404].includes(answer.status)) return end();
    if (answer.status === 204) return; // there is none: we ask every two seconds
    if (answer.ok) opened = new EventSource((await answer.json()).url);
  } catch {
    lose();
  }
  if (!opened) return setTimeout(listen, AGAIN);
  opened.addEventListener("open", () => { stream = opened; });
  opened.addEventListener("wake", look);
  const closes = (soon) => {
    opened.close();
    if (stream === opened) stream = null;
    setTimeout(listen, soon ? 1000 : AGAIN);
    look();
  };
  opened.addEventListener("over", () => closes(true));
  opened.addEventListener("error", () => closes(Boolean(stream)));
}

async function press(event) {
  const form = event.target.closest("form.press");
  if (!form) return;
  event.preventDefault();
  if (over) return;
  const button = event.submitter;
  if (button?.dataset.desk === "on") told("on", {});
  const body = new URLSearchParams(new FormData(form, button));
  if (button) button.setAttribute("aria-disabled", "true");
  await ask(form.action, { method: "POST", body });
  if (lost) say(part("lost").dataset.unsent);
  button?.removeAttribute("aria-disabled");
  look();
}

main.addEventListener("submit", press);
window.addEventListener("online", look);
window.addEventListener("offline", lose);
document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
setInterval(count, 500);
document.addEventListener("softphone:state", look); // what rings, and what is over
document.addEventListener("focusin", ({ target }) => { focused = target; });
document.addEventListener("pointerdown", () => { focused = null; });
window.desk = { look, say, refocus };
part("habits").hidden = false;
listenForAlerts();
listenForKeys();
listenInside();
look();
listen();
