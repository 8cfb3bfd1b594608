// What is typed of a conversation is saved on the server as one types, and nowhere else: nothing of
// it is kept by the browser. Without this script the page's buttons do the same. It listens to the
// whole document, so that a page may put the form in at any time.
"use strict";

(() => {
  const PAUSE = 800; // of typing, in milliseconds
  const LONGEST_WAIT = 15000;
  const GIVEN_UP = 10000;
  const kept = new WeakMap();
  const forms = () => [...document.querySelectorAll("form[data-draft]")];
  const DRAFTED = ["matter", "outcome", "service", "note"];

  function of(form) {
    if (!kept.has(form)) {
      // Over what somebody else wrote nothing goes by itself: only by the button.
      const held = form.hasAttribute("data-held");
      const none = { busy: false, refused: false, unsent: false, failed: 0, timer: 0 };
      kept.set(form, { dirty: held, over: held, ...none });
    }
    return kept.get(form);
  }

  function say(form, state, what) {
    const trouble = what || (of(form).unsent ? "unsent" : "");
    const [quiet, loud] = ["[data-state]", "[data-trouble]"].map((each) => form.querySelector(each));
    quiet.textContent = state ? quiet.dataset[state] : "";
    quiet.hidden = !state;
    const told = trouble ? loud.dataset[trouble] ?? trouble : "";
    if (loud.textContent !== told) loud.textContent = told; // else it would be read out again
  }

  const wait = (form, milliseconds) => {
    const now = of(form);
    clearTimeout(now.timer);
    now.timer = setTimeout(() => save(form), milliseconds);
  };

  // Each sending of a form has a higher number than those before: the server knows by it what is
  // late, and takes this form's newer words over its older ones, whatever answer was lost.
  function numbered(form) {
    form.elements.turn.value = Number(form.elements.turn.value) + 1;
    return new URLSearchParams(new FormData(form));
  }

  async function save(form, leaving = false) {
    const now = of(form);
    clearTimeout(now.timer);
    if (now.busy && !leaving) return;
    if (!now.dirty || now.over || !form.isConnected) return;
    now.busy = true;
    now.dirty = false;
    try {
      const how = leaving ? { keepalive: true } : { signal: AbortSignal.timeout(GIVEN_UP) };
      const body = numbered(form);
      await heard(form, await fetch(form.dataset.draft, { method: "POST", body, ...how }));
    } catch {
      again(form, "failing");
    } finally {
      now.busy = false;
      if (now.dirty && !now.failed && !now.refused && !now.over) wait(form, PAUSE);
    }
  }

  async function heard(form, answer) {
    const now = of(form);
    if (answer.ok) {
      form.elements.version.value = (await answer.json()).version;
      now.failed = 0;
      say(form, now.dirty ? "saving" : "saved", "");
    } else if (answer.status === 409 || answer.status === 404) {
      now.over = true;
      now.dirty = true;
      say(form, "", answer.status === 409 ? "conflict" : "gone");
    } else if (answer.status === 422) {
      now.dirty = now.refused = true;
      say(form, "saving", (await answer.json()).wrong);
    } else if (answer.status === 401) {
      again(form, "away");
    } else {
      const renewed = answer.status === 403 && (await renew(form));
      again(form, "failing", renewed ? 0 : undefined);
    }
  }

  // Nothing typed is lost as long as this page lives: it tries again, less and less often.
  function again(form, why, soon) {
    const now = of(form);
    now.dirty = true;
    now.failed += 1;
    say(form, "saving", why);
    wait(form, soon ?? Math.min(1000 * 2 ** (now.failed - 1), LONGEST_WAIT));
  }

  // Whoever signed in again elsewhere has another session, and forms of it another token.
  async function renew(form) {
    const page = await fetch(form.action);
    const found = read(await page.text()).querySelector("input[name=jeton]");
    if (!page.ok || !found || found.value === form.elements.jeton.value) return false;
    form.elements.jeton.value = found.value;
    return true;
  }

  const read = (text) => new DOMParser().parseFromString(text, "text/html");

  // A button posts the form, and the section is what the page that answers says: whoever is on the
  // telephone through this page does not leave it.
  async function press(form, button) {
    const now = of(form);
    clearTimeout(now.timer);
    const body = numbered(form);
    const act = button?.value ?? "save";
    body.set("act", act);
    now.busy = true;
    now.dirty = now.unsent = false;
    try {
      const answer = await fetch(form.action, { method: "POST", body });
      const shown = read(await answer.text()).getElementById("disposition");
      if (shown) return show(form, shown);
      now.unsent = act !== "save";
      await heard(form, answer);
    } catch {
      now.unsent = act !== "save"; // what was written goes again by itself, this does not
      again(form, "failing");
    } finally {
      now.busy = false;
    }
  }

  function show(form, shown) {
    const next = shown.querySelector("form");
    const typed = of(form).dirty; // while the button's answer was on its way
    form.closest("#disposition").replaceWith(shown);
    (shown.querySelector("#problems") ?? shown.querySelector("[role=status]"))?.focus();
    if (!typed) return;
    for (const name of DRAFTED) next.elements[name].value = form.elements[name].value;
    of(next).dirty = true;
    wait(next, PAUSE);
  }

  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("form[data-draft]");
    if (!form || !DRAFTED.includes(event.target.name)) return;
    const now = of(form);
    now.dirty = true;
    now.refused = false;
    if (now.over) return;
    say(form, "saving", form.querySelector("[data-trouble]").textContent);
    if (!now.failed) wait(form, PAUSE);
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-draft]")) return;
    event.preventDefault();
    press(event.target, event.submitter);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") forms().forEach((each) => save(each, true));
  });
  document.addEventListener("desk:flush", () => forms().forEach((each) => save(each, true)));
  addEventListener("online", () => forms().forEach((each) => save(each)));
  addEventListener("beforeunload", (event) => {
    if (forms().some((each) => of(each).dirty || of(each).busy)) event.preventDefault();
  });
})();
