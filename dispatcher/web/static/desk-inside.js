// What the desk shows of other pages without leaving itself, since leaving would hang up a call that
// is in it: the report of a conversation, and the form by which a call is passed on. Their links
// lead to those pages all the same where this script does not run.

const PATIENCE = 5000;
const read = (text) => new DOMParser().parseFromString(text, "text/html");

async function page(url, how = {}) {
  const answer = await fetch(url, { signal: AbortSignal.timeout(PATIENCE), ...how });
  return { answer, found: read(await answer.text()) };
}

// The report of this conversation, or the last one; until the next begins it stays.
async function write({ notes: offer, offer: now }) {
  const notes = document.getElementById("notes");
  if (notes.dataset.goes === "on" && notes.dataset.offer !== now?.id) await over(notes);
  if (!offer || notes.dataset.offer === offer) return;
  document.dispatchEvent(new CustomEvent("desk:flush")); // what was typed of the one before
  notes.dataset.offer = offer;
  try {
    const { answer, found } = await page(`/agent/suivi/${offer}`);
    const shown = found.getElementById("disposition");
    if (!answer.ok || !shown) throw new Error(answer.status);
    if (notes.dataset.offer !== offer) return;
    notes.dataset.goes = now?.id === offer ? "on" : "";
    notes.replaceChildren(heading("Compte rendu"), shown);
    notes.hidden = false;
  } catch {
    delete notes.dataset.offer; // the next look tries again
  }
}

// The conversation is over: what the report says of that, and another call may be booked. What was
// typed is not touched.
async function over(notes) {
  notes.dataset.goes = "";
  try {
    const { answer, found } = await page(`/agent/suivi/${notes.dataset.offer}`);
    if (!answer.ok) return;
    for (const id of ["disposition-about", "disposition-again"]) {
      const fresh = found.getElementById(id);
      if (fresh) document.getElementById(id)?.replaceWith(fresh);
    }
  } catch {
    notes.dataset.goes = "on"; // the next look tries again
  }
}

const heading = (text) => Object.assign(document.createElement("h2"), { textContent: text });

// Never by leaving: whatever is wrong, a call that is in this page would be cut.
async function passOn(url) {
  const dialog = document.getElementById("transfer");
  try {
    const { answer, found } = await page(url);
    if (answer.ok) return show(dialog, found);
  } catch {
    unsent();
  }
  window.desk.look();
}

const unsent = () => window.desk.say(document.getElementById("lost").dataset.unsent);

function show(dialog, found) {
  const parts = ["#transfer-title", ".wrong", "#begin"].map((each) => found.querySelector(`main ${each}`));
  const close = Object.assign(document.createElement("form"), { method: "dialog" });
  close.append(Object.assign(document.createElement("button"), { className: "second", textContent: "Ne rien passer" }));
  dialog.replaceChildren(...parts.filter(Boolean), close);
  if (!dialog.open) dialog.showModal();
  const wrong = dialog.querySelector(".wrong");
  if (!wrong) return;
  wrong.tabIndex = -1;
  wrong.focus();
}

async function begin(form, button) {
  const dialog = form.closest("dialog");
  const body = new URLSearchParams(new FormData(form, button));
  button.disabled = true;
  try {
    const { answer, found } = await page(form.action, { method: "POST", body, headers: { Accept: "text/html" } });
    if (!answer.ok && found.getElementById("begin")) return show(dialog, found);
    dialog.close();
    await window.desk.look();
    window.desk.say(found.getElementById("news")?.textContent ?? "");
  } catch {
    dialog.close();
    unsent();
  }
}

export function listen() {
  document.addEventListener("desk:state", ({ detail }) => write(detail));
  const dialog = document.getElementById("transfer");
  document.addEventListener("desk:gone", () => dialog.close());
  dialog.addEventListener("close", () => window.desk.refocus());
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-desk=transfer], a[data-desk=notes]");
    if (!link || event.ctrlKey || event.metaKey) return;
    const notes = document.getElementById("notes");
    if (link.dataset.desk === "notes" && notes.hidden) return;
    event.preventDefault();
    if (link.dataset.desk === "transfer") return passOn(link.href);
    notes.querySelector("select, input:not([type=hidden])")?.focus();
  });
  dialog.addEventListener("submit", (event) => {
    if (event.target.id !== "begin") return;
    event.preventDefault();
    begin(event.target, event.submitter);
  });
}
